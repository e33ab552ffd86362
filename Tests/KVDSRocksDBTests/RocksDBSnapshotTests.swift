import CRocksDB
import TestSupport
import Synchronization
import Testing

@testable import KVDS
@testable import KVDSRocksDB

@Suite("RocksDB's snapshots", .timeLimit(.minutes(5)))
struct RocksDBSnapshotTests {
    @Test("RocksDB counts no snapshot after a scan breaks, is dropped, is cancelled or ends")
    func released() async throws {
        try await withTemporaryDirectory { path in
            let store = try await RocksDBStore.open("rocksdb:\(path)") { () throws(StoreError) in
                try RocksDBEngine.create(at: path)
            }
            try await store.write { batch in for key in 0..<2_000 { batch.set(Bytes("key\(key)"), to: "value") } }

            for try await _ in store.entries() {
                #expect(count(in: store) == 1)
                break
            }
            #expect(count(in: store) == 0, "after a break")

            do {
                var dropped = store.entries().makeAsyncIterator()
                _ = try await dropped.next()
                #expect(count(in: store) == 1)
            }
            #expect(count(in: store) == 0, "after the iterator went away")

            let cancelled = Task {
                for try await _ in store.entries() { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
            }
            _ = await cancelled.result
            #expect(count(in: store) == 0, "after its task was cancelled")

            for try await _ in store.entries() {}
            #expect(count(in: store) == 0, "at the end")
            try await store.close()
        }
    }

    private func count(in store: RocksDBStore) -> UInt64? {
        var count: UInt64 = 0
        let code = unsafe rocksdb_property_int(store.engine.database.pointer, "rocksdb.num-snapshots", &count)
        return code == 0 ? count : nil
    }
}
