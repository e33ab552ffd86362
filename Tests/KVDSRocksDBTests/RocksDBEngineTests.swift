import KVDSTesting
import TestSupport
import KVDS
import Synchronization
import Testing

@testable import KVDSRocksDB

@Suite("A RocksDB engine", .timeLimit(.minutes(2)))
struct RocksDBEngineTests {
    @Test("a RocksDB batch counts the bytes of its keys and values")
    func bytesOfBatch() {
        let batch = RocksDBBatch(isIndexed: false)
        batch.set(Bytes(repeating: 1, count: 1_000), Bytes(repeating: 2, count: 20_000))
        #expect(batch.byteCount >= 21_000)
        batch.delete(Bytes(repeating: 1, count: 500))
        #expect(batch.byteCount >= 21_500 && batch.byteCount < 22_000)
    }

    @Test("only durable batches, large batches and batches over ranges may wait for the disk")
    func waiting() async throws {
        try await withEngine { engine in
            func batch(_ fill: (inout WriteBatch) -> Void) -> WriteBatch {
                var batch = WriteBatch()
                fill(&batch)
                return batch
            }
            let small = batch { $0.set("a", to: "1") }
            #expect(!engine.mayBlock(for: small, .buffered))
            #expect(engine.mayBlock(for: small, .durable))
            #expect(engine.mayBlock(for: batch { $0.set("a", to: Bytes(repeating: 1, count: 70_000)) }, .buffered))
            #expect(engine.mayBlock(for: batch { $0.delete(in: .prefix("a")) }, .buffered))
            #expect(engine.mayBlock(for: batch { $0.require(.unchanged(.prefix("a"), [])) }, .buffered))
        }
    }

    @Test("a snapshot taken during a commit reports the revision that it shows")
    func revisionOfSnapshot() async throws {
        try await withEngine { engine in
            let transaction = try engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
            try transaction.set("a", to: "1")
            _ = try transaction.commit(Revision(rawValue: 1), .buffered)
            #expect(try engine.makeSnapshot().revision(mayBlock: true).rawValue == 1)
            // As if the commit had been written but its revision not yet stored.
            engine.revision.store(0, ordering: .sequentiallyConsistent)
            #expect(try engine.makeSnapshot().revision(mayBlock: true).rawValue == 1)
        }
    }

    @Test("a batch larger than the free disk space throws .diskFull before RocksDB gets it")
    func room() async throws {
        try await withEngine { engine in
            let free = try #require(engine.database.freeBytes)
            for waits in [true, false] {
                let room = RocksDBDiskSpaceGuard(engine.database)
                try room.check(1_000, waits: waits)
                // The batch is written twice: to the log, and later to a file.
                let error = #expect(throws: StoreError.self) { try room.check(free / 4 * 3, waits: waits) }
                #expect(error?.code == .diskFull)
                #expect(error?.advice == .freeResources)
                try room.check(1_000, waits: waits)
            }
        }
    }

    private func withEngine(_ body: (RocksDBEngine) throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let engine = try RocksDBEngine(path: path, configuration: RocksDBConfiguration())
            try body(engine)
            try engine.close()
        }
    }
}
