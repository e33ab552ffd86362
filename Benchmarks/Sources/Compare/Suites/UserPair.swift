import Foundation
import KVDS
import KVDSRecords

/// A table of users in one of our stores, and one in SQLite with the same records.
struct UserPair: Sendable {
    let ours: UserTable
    let peer: GRDBUsers
    private let directory: String

    init(_ users: [User], _ settings: Settings) async throws {
        ours = try await UserTable(EmbeddedPair.Driver.lmdb.backend, users, settings)
        directory = settings.path("grdb-users")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        peer = try GRDBUsers(path: directory + "/users.sqlite")
        try await peer.insert(users, by: 10_000)
        try await peer.checkpoint()
    }

    func close() async throws {
        try await ours.close()
        try peer.close()
        try FileManager.default.removeItem(atPath: directory)
    }
}
