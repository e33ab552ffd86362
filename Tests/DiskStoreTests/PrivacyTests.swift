import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("The permissions of a store's files", .timeLimit(.minutes(5)))
struct PrivacyTests {
    /// The permissions of other users.
    private static let others = 0o077

    @Test("the files of a store and its backup are accessible to the owner only", arguments: disks)
    func files(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let store = try await backend.open("\(path)/above/store")
            for index in 0..<100 { try await store.set(Bytes("\(index)"), to: Bytes(repeating: 1, count: 2_000)) }
            try await store.backup(to: "\(path)/copies/copy") { _ in }
            for place in ["above", "above/store", "copies", "copies/copy"] {
                #expect(try permissions("\(path)/\(place)") == 0o700, "\(place)")
            }
            if backend == .lmdb {
                for name in ["data.mdb", "lock.mdb"] {
                    for place in ["above/store", "copies/copy"] {
                        #expect(try permissions("\(path)/\(place)/\(name)") == 0o600, "\(place)/\(name)")
                    }
                }
            }
            try await store.close()
        }
    }

    /// RocksDB makes its files readable to all, so the directory must keep other users out.
    @Test("a store made in a directory that others may enter is closed to them", arguments: disks)
    func sharedDirectory(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let place = "\(path)/store"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
            let store = try await backend.open(place)
            try await store.set("a", to: "1")
            let directory = try permissions(place)
            for name in names(at: place) {
                let isOpen = try directory & permissions("\(place)/\(name)") & Self.others != 0
                #expect(!isOpen, "\(name)")
            }
            try await store.close()
            // A user who later opens the directory to others has done so explicitly.
            try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: place)
            try await backend.open(place).close()
            #expect(try permissions(place) == 0o750)
        }
    }

    @Test("directories get the permissions of the distributor's configuration", arguments: disks)
    func asked(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            for (name, asked) in [("private", nil), ("shared", 0o750)] as [(String, UInt32?)] {
                var configuration = DistributorActor.Configuration()
                if let asked { configuration.directoryPermissions = asked }
                let distributor = DistributorActor(directory: "\(path)/\(name)", configuration: configuration)
                try await distributor.store("id", on: backend.backend).set("a", to: "1")
                await distributor.shutdown()
                for place in ["", "/\(backend.rawValue)", "/\(backend.rawValue)/id"] {
                    #expect(try permissions("\(path)/\(name)\(place)") == asked.map(Int.init) ?? 0o700)
                }
            }
        }
    }

    private func permissions(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
}
