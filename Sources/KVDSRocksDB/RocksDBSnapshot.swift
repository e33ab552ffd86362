import CRocksDB
package import KVDS
import Synchronization

/// The owner of a snapshot of the database.
///
/// `@unchecked Sendable` is right because a snapshot is constant once it is set up; `@safe` because the pointer does
/// not leave the module and is released here.
@safe
package final class RocksDBSnapshot: EngineSnapshot, @unchecked Sendable {
    let database: RocksDBDatabase
    let pointer: OpaquePointer
    /// The revision of the snapshot; nil when it must be read. ``RocksDBEngine/makeSnapshot()`` sets it.
    var known: Revision?
    private let cached = AtomicLazyReference<RocksDBReadOptions>()
    private let waiting = AtomicLazyReference<RocksDBReadOptions>()

    init(_ database: RocksDBDatabase) {
        self.database = database
        unsafe pointer = rocksdb_create_snapshot(database.pointer)
    }

    deinit { unsafe rocksdb_release_snapshot(database.pointer, pointer) }

    package func revision(mayBlock: Bool) throws(EngineError) -> Revision {
        if let known { return known }
        return try database.revision(options(mayBlock: mayBlock))
    }

    package func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try unsafe database.withBuffer(for: key, options(mayBlock: mayBlock)) { unsafe Bytes(copying: $0) }
    }

    package func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try unsafe database.withBuffer(for: key, options(mayBlock: mayBlock)) { unsafe body($0.bytes) } != nil
    }

    private func options(mayBlock: Bool) -> RocksDBReadOptions {
        if let options = mayBlock ? waiting.load() : cached.load() { return options }
        let options = unsafe RocksDBReadOptions(mayBlock: mayBlock, snapshot: pointer)
        return mayBlock ? waiting.storeIfNil(options) : cached.storeIfNil(options)
    }

    package func makeCursor(in range: KeyRange, order: ScanOrder) throws(EngineError) -> RocksDBCursor {
        RocksDBCursor(snapshot: self, range: range, order: order)
    }
}
