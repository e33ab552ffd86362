import Foundation
import KVDS
import KVDSRecords

/// A table of users in one of our stores.
struct UserTable: Sendable {
    let store: StoreHandle
    let table: OpenTable<User>
    private let distributor: DistributorActor

    init(_ backend: Backend, _ users: [User], _ settings: Settings) async throws {
        distributor = DistributorActor(directory: settings.path("users"))
        store = try await distributor.store("users", on: backend)
        table = try await store.open(User.table)
        try await TableWork.insert(users, into: table, by: 10_000)
    }

    func close() async throws {
        await distributor.shutdown()
        try FileManager.default.removeItem(atPath: distributor.directory)
    }
}

extension UserTable {
    /// The keys of the records in the store, by the ids of the users.
    func storeKeys() async throws -> [Int: Bytes] {
        var keys: [Int: Bytes] = [:]
        // The ids are the last elements of the keys, which begin with one byte that is not of the tuple.
        for try await entry in store.entries(in: .all) {
            let key = entry.key.withUnsafeBytes { Bytes(copying: UnsafeRawBufferPointer(rebasing: $0.dropFirst())) }
            if let tuple = try? Tuple(unpacking: key), tuple.count == 3, tuple[1] == 0,
                let id = try? tuple[2, as: Int.self]
            {
                keys[id] = Bytes(entry.key)
            }
        }
        return keys
    }
}
