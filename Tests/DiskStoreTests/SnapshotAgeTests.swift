import KVDSTesting
import TestSupport
import KVDS
import Testing

@Suite("A snapshot of a disk store that becomes too old", .timeLimit(.minutes(2)))
struct SnapshotAgeTests {
    @Test("an expired snapshot is released, and a transaction that uses it throws .snapshotExpired", arguments: disks)
    func expires(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let configuration = StoreConfiguration(durability: .buffered, snapshotAgeLimit: .milliseconds(20))
            let store = try await backend.backend.open(at: path, configuration: configuration)
            try await store.set("a", to: "1")

            let snapshot = try await store.snapshot()
            let error = try await storeError {
                while true {
                    _ = try await snapshot.get("a")
                    await Task.yield()
                }
            }
            #expect(error?.code == .snapshotExpired)
            #expect(try await store.statistics().openSnapshots == 0)

            let ended = try await storeError {
                try await store.withTransaction { tx in
                    tx.set("b", to: "1")
                    while true {
                        _ = try await tx.list(.key("a"))
                        await Task.yield()
                    }
                }
            }
            #expect(ended?.code == .snapshotExpired)
            #expect(try await store.get("b") == nil)
            #expect(try await store.statistics().openSnapshots == 0)
            try await store.close()
        }
    }
}
