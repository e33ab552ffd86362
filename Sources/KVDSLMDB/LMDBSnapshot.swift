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

    package func revision(mayBlock: Bool) throws(EngineError) -> Revision {
        var revision = Revision.zero
        try unsafe reader.withExclusiveAccess { transaction throws(EngineError) in
            revision = try unsafe engine.environment.revision(transaction)
        }
        return revision
    }

    package func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try unsafe find(key).map { unsafe Bytes(copying: $0) }
    }

    package func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try unsafe find(key).map { unsafe body($0.bytes) } != nil
    }

    /// The address of the value of `key`, valid while both the snapshot and this read last.
    private func find(_ key: Bytes) throws(EngineError) -> UnsafeRawBufferPointer? {
        let environment = engine.environment
        try environment.checkMap()
        var found: UnsafeRawBufferPointer?
        try unsafe reader.withExclusiveAccess { transaction throws(EngineError) in
            unsafe found = try unsafe LMDBEngine.find(key, transaction, environment) { unsafe $0 }
        }
        return unsafe found
    }

    package func makeCursor(in range: KeyRange, order: ScanOrder) throws(EngineError) -> LMDBCursor {
        unsafe LMDBCursor(
            transaction: reader.transaction, of: reader, environment: engine.environment, range: range, order: order)
    }
}
