import CRocksDB
public import KVDS
import Synchronization

/// One write batch, committed by one write.
///
/// Where something is read after it was written, the batch carries an index; that costs about half as much again, so it is
/// done only where the store asks for it.
public final class RocksDBTransaction: EngineTransaction {
    private let engine: RocksDBEngine
    private let batch: RocksDBBatch
    private let mayWait: Bool

    init(engine: RocksDBEngine, readsOwnWrites: Bool, mayWait: Bool) {
        self.engine = engine
        self.mayWait = mayWait
        batch = RocksDBBatch(isIndexed: readsOwnWrites)
    }

    public var revision: Revision { Revision(rawValue: engine.revision.load(ordering: .acquiring)) }

    public func get(_ key: Bytes) throws(StoreError) -> Bytes? {
        guard batch.isIndexed else { return try engine.get(key, mayWait: mayWait) }
        return try batch.get(key, engine.database, mayWait ? engine.waiting : engine.cached)
    }

    public func makeCursor(in range: KeyRange) throws(StoreError) -> RocksDBTransactionCursor {
        RocksDBTransactionCursor(batch: batch, database: engine.database, range: range, mayWait: mayWait)
    }

    public func set(_ key: Bytes, to value: Bytes) throws(StoreError) { batch.set(key, value) }
    public func delete(_ key: Bytes) throws(StoreError) { batch.delete(key) }

    public func delete(_ range: KeyRange) throws(StoreError) {
        if range.isEmpty { return }
        if batch.isIndexed { return try deleteOneByOne(range) }
        var upper = range.upper
        // A range has an end in RocksDB. Without one, it ends after the greatest key there is.
        if upper == nil { upper = try greatestKey()?.successor }
        if let upper, upper > range.lower { batch.delete(KeyRange(from: range.lower, to: upper)) }
    }

    public func commit(_ revision: Revision, _ durability: Durability) throws(StoreError) -> Durability {
        let isDurable = durability == .durable
        unsafe engine.database.write(revision) { key, value in unsafe batch.put(key, value, in: engine.database.meta) }
        try batch.write(
            to: engine.database, isDurable ? engine.durable : mayWait ? engine.buffered : engine.bufferedAtOnce)
        engine.revision.store(revision.rawValue, ordering: .releasing)
        return isDurable ? .durable : .buffered
    }

    public func abort() {}

    /// An indexed batch takes no ranges.
    private func deleteOneByOne(_ range: KeyRange) throws(StoreError) {
        var rest = range
        var isComplete = false
        while !isComplete {
            let cursor = try makeCursor(in: rest)
            var builder = EntryPage.Builder(capacity: 1 << 20)
            isComplete = try cursor.fill(&builder, mayWait: mayWait)
            if let last = builder.lastKey { rest = rest.remainder(after: last, .forward) }
            guard let page = builder.finish() else { return }
            for entry in page { batch.delete(entry.key) }
        }
    }

    private func greatestKey() throws(StoreError) -> Bytes? {
        let cursor = RocksDBTransactionCursor(
            batch: batch, database: engine.database, range: .all, mayWait: mayWait, order: .reverse)
        var builder = EntryPage.Builder(capacity: 0, maximumCount: 1)
        _ = try cursor.fill(&builder, mayWait: mayWait)
        guard let last = builder.lastKey else { return batch.greatestKey }
        return batch.greatestKey.map { max($0, last) } ?? last
    }
}

/// A position in a range of what a transaction sees.
///
/// `@unchecked Sendable` is right because a transaction, and what it makes, is used by one thread at a time.
public final class RocksDBTransactionCursor: EngineCursor, @unchecked Sendable {
    private let iterator: RocksDBIterator
    /// The iterator reads the batch.
    private let batch: RocksDBBatch

    init(batch: RocksDBBatch, database: RocksDBDatabase, range: KeyRange, mayWait: Bool, order: ScanOrder = .forward) {
        self.batch = batch
        iterator = unsafe RocksDBIterator(database, RocksDBReadOptions(mayWait: mayWait), range, order) { options in
            let base: OpaquePointer = unsafe rocksdb_create_iterator(database.pointer, options)
            return unsafe batch.iterator(over: base)
        }
    }

    public func fill(_ page: inout EntryPage.Builder, mayWait: Bool) throws(StoreError) -> Bool {
        try iterator.fill(&page)
    }
}
