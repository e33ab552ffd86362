import CRocksDB
package import KVDS
import Synchronization

/// One write batch, committed by one write.
///
/// If the store will read after writing, the batch has an index. That costs about half as much again, so it is done
/// only when the store requests it.
package final class RocksDBTransaction: EngineTransaction {
    private let engine: RocksDBEngine
    private let batch: RocksDBBatch
    private let mayBlock: Bool

    init(engine: RocksDBEngine, readsOwnWrites: Bool, mayBlock: Bool) {
        self.engine = engine
        self.mayBlock = mayBlock
        batch = RocksDBBatch(isIndexed: readsOwnWrites)
    }

    package var revision: Revision { Revision(rawValue: engine.revision.load(ordering: .acquiring)) }

    package func get(_ key: Bytes) throws(EngineError) -> Bytes? {
        guard batch.isIndexed else { return try engine.get(key, mayBlock: mayBlock) }
        let value = try batch.get(key, engine.database, mayBlock ? engine.waiting : engine.cached)
        // An empty value may stand for one that could not be read without waiting; see RocksDBDatabase.isKnown.
        if !mayBlock, let value, value.isEmpty { throw .wouldBlock }
        return value
    }

    package func makeCursor(in range: KeyRange) throws(EngineError) -> RocksDBTransactionCursor {
        RocksDBTransactionCursor(batch: batch, database: engine.database, range: range, mayBlock: mayBlock)
    }

    package func set(_ key: Bytes, to value: Bytes) throws(EngineError) { batch.set(key, value) }
    package func delete(_ key: Bytes) throws(EngineError) { batch.delete(key) }

    /// Deletes key by key, without a range tombstone. In RocksDB before 8.7, if a file has a range tombstone, an
    /// iterator that cannot read a block, or may not wait for it, can end early or skip entries without an error. It
    /// would miss existing entries.
    package func delete(in range: KeyRange) throws(EngineError) {
        var rest = range
        var isComplete = range.isEmpty
        while !isComplete {
            let cursor = try makeCursor(in: rest)
            var builder = EntryPage.Builder(capacity: 1 << 20)
            isComplete = try cursor.fill(&builder, mayBlock: mayBlock)
            if let last = builder.lastKey { rest = rest.remainder(after: last, .forward) }
            guard let page = builder.finish() else { return }
            for entry in page { batch.delete(entry.key) }
        }
    }

    package func commit(_ revision: Revision, _ durability: Durability) throws(EngineError) -> Durability {
        let isDurable = durability == .durable
        try EngineError.wrapping { () throws(StoreError) in
            try engine.room.check(batch.byteCount, waits: isDurable)
        }
        unsafe engine.database.write(revision) { key, value in unsafe batch.put(key, value, in: engine.database.meta) }
        engine.newest.store(revision.rawValue, ordering: .sequentiallyConsistent)
        let written: Void? = try RocksDBExitGuard.unlessExiting { () throws(EngineError) in
            try batch.write(
                to: engine.database, isDurable ? engine.durable : mayBlock ? engine.buffered : engine.bufferedNoSlowdown
            )
        }
        if written == nil { throw .failed(RocksDBExitGuard.error(engine.database.path)) }
        engine.revision.store(revision.rawValue, ordering: .sequentiallyConsistent)
        return isDurable ? .durable : .buffered
    }

    package func abort() {}
}
