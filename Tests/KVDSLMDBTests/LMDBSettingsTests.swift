import KVDSTesting
import TestSupport
import Foundation
import KVDS
import KVDSLMDB
import Testing

@Suite("The settings of an LMDB store", .timeLimit(.minutes(1)))
struct LMDBSettingsTests {
    @Test("meaningless LMDB settings throw .invalidArgument and create nothing")
    func meaningless() async throws {
        let wrong = [
            LMDBConfiguration(maximumReaders: 0), LMDBConfiguration(initialMapSize: 0),
            LMDBConfiguration(initialMapSize: 2 << 20, maximumMapSize: 1 << 20),
        ]
        try await withTemporaryDirectory { path in
            for configuration in wrong {
                let error = try await storeError { try await configuration.open(path).close() }
                #expect(error?.code == .invalidArgument, "\(configuration)")
                #expect(names(at: path) == [])
            }
        }
    }

    @Test("the files of an LMDB store have the permissions of its configuration")
    func permissions() async throws {
        try await withTemporaryDirectory { path in
            try await LMDBConfiguration(filePermissions: 0o640).open(path).close()
            for name in ["data.mdb", "lock.mdb"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
                #expect(attributes[.posixPermissions] as? Int == 0o640, "\(name)")
            }
        }
    }

    @Test(
        "maximumReaders limits the open snapshots and keeps reader slots free for reads",
        arguments: [(20, 4), (200, 184)])
    func readers(_ maximumReaders: Int, _ snapshots: Int) async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(maximumReaders: maximumReaders).open(path)
            var held: [any StoreSnapshot] = []
            let error = try await storeError {
                while held.count <= maximumReaders { held.append(try await store.snapshot()) }
            }
            #expect(error?.code == .tooManySnapshots)
            #expect(held.count == snapshots)
            for snapshot in held { snapshot.close() }
            try await store.close()
        }
    }

    @Test("an LMDB map that would exceed its maximum by doubling grows to the maximum")
    func maximum() async throws {
        try await withTemporaryDirectory { path in
            let store = try await LMDBConfiguration(initialMapSize: 3 << 20, maximumMapSize: 4 << 20).open(path)
            var count = 0
            let full = try await storeError {
                while count < 1_000 {
                    try await store.set(Bytes("\(count)"), to: Bytes(repeating: 1, count: 16 << 10))
                    count += 1
                }
            }
            #expect(full?.code == .storeFull)
            // Each value takes five pages of 4 KiB.
            #expect(count > 150 && count <= 4 << 20 / (16 << 10), "\(count)")
            let file = try #require(await store.statistics().engine.files.first { $0.name == "data.mdb" })
            #expect(file.byteCount <= 4 << 20)
            try await store.close()
        }
    }
}
