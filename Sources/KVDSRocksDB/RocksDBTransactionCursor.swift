import CRocksDB
package import KVDS
import Synchronization

/// A position in a range, which includes the writes of the transaction.
///
/// `@unchecked Sendable` is right because a transaction and its cursors are used by one thread at a time.
package final class RocksDBTransactionCursor: EngineCursor, @unchecked Sendable {
    private let iterator: RocksDBIterator
    /// Kept alive, because the iterator reads the batch.
    private let batch: RocksDBBatch

    init(batch: RocksDBBatch, database: RocksDBDatabase, range: KeyRange, mayBlock: Bool) {
        self.batch = batch
        let options = RocksDBReadOptions(mayBlock: mayBlock)
        iterator = unsafe RocksDBIterator(database, options, range, .forward, checksBounds: batch.isIndexed) {
            options in
            let base: OpaquePointer = unsafe rocksdb_create_iterator(database.pointer, options)
            return unsafe batch.iterator(over: base)
        }
    }

    package func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool {
        try iterator.fill(&page)
    }
}
