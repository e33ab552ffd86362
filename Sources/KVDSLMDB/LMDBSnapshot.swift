import CLMDB
import CPrefetch
package import KVDS

/// A snapshot of an LMDB store: a read transaction taken from the pool.
///
/// LMDB allows several threads to use a read transaction one after the other. Values do not move, so the lock is not
/// held while a value is read.
package final class LMDBSnapshot: EngineSnapshot {
    private let engine: LMDBEngine
    private let reader: LMDBReader

    init(engine: LMDBEngine, reader: LMDBReader) {
        self.engine = engine
        self.reader = reader
    }

    deinit { engine.giveBack(reader) }

    package func revision(mayBlock: Bool) throws(StoreError) -> Revision {
        var revision = Revision.zero
        try unsafe reader.withExclusiveAccess { transaction throws(StoreError) in
            revision = try unsafe engine.environment.revision(transaction)
        }
        return revision
    }

    package func get(_ key: Bytes, mayBlock: Bool) throws(StoreError) -> Bytes? {
        try unsafe find(key).map { unsafe Bytes(copying: $0) }
    }

    package func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try unsafe find(key).map { unsafe body($0.bytes) } != nil
    }

    /// The address of the value of `key`, valid while both the snapshot and this read last.
    private func find(_ key: Bytes) throws(StoreError) -> UnsafeRawBufferPointer? {
        let environment = engine.environment
        try environment.checkMap()
        var found: UnsafeRawBufferPointer?
        try unsafe reader.withExclusiveAccess { transaction throws(StoreError) in
            unsafe found = try unsafe LMDBEngine.find(key, transaction, environment) { unsafe $0 }
        }
        return unsafe found
    }

    package func makeCursor(in range: KeyRange, order: ScanOrder) throws(StoreError) -> LMDBCursor {
        unsafe LMDBCursor(
            transaction: reader.transaction, of: reader, environment: engine.environment, range: range, order: order)
    }
}
