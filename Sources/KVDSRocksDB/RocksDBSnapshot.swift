import CRocksDB
public import KVDS
import Synchronization

/// The owner of a snapshot of the database.
///
/// `@unchecked Sendable` is right because a snapshot is constant once it is made; `@safe` because the pointer does not leave the module
/// and is released here.
@safe
public final class RocksDBSnapshot: EngineSnapshot, @unchecked Sendable {
    let database: RocksDBDatabase
    let pointer: OpaquePointer
    /// The revision it shows; nil when it has to be read. Set by whoever makes the snapshot.
    var known: Revision?
    private let cached = AtomicLazyReference<RocksDBReadOptions>()
    private let waiting = AtomicLazyReference<RocksDBReadOptions>()

    init(_ database: RocksDBDatabase) {
        self.database = database
        unsafe pointer = rocksdb_create_snapshot(database.pointer)
    }

    deinit { unsafe rocksdb_release_snapshot(database.pointer, pointer) }

    public func revision(mayBlock: Bool) throws(StoreError) -> Revision {
        if let known { return known }
        return try database.revision(options(mayBlock: mayBlock))
    }

    public func get(_ key: Bytes, mayBlock: Bool) throws(StoreError) -> Bytes? {
        try unsafe database.withBuffer(for: key, options(mayBlock: mayBlock)) { unsafe Bytes(copying: $0) }
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try unsafe database.withBuffer(for: key, options(mayBlock: mayBlock)) { unsafe body($0.bytes) } != nil
    }

    private func options(mayBlock: Bool) -> RocksDBReadOptions {
        if let options = mayBlock ? waiting.load() : cached.load() { return options }
        let options = unsafe RocksDBReadOptions(mayBlock: mayBlock, snapshot: pointer)
        return mayBlock ? waiting.storeIfNil(options) : cached.storeIfNil(options)
    }

    public func makeCursor(in range: KeyRange, order: ScanOrder) throws(StoreError) -> RocksDBCursor {
        RocksDBCursor(snapshot: self, range: range, order: order)
    }
}

/// A position in a range of a snapshot.
///
/// It begins with an iterator that reads what is in memory. Where that ends for want of a block it goes on with one that
/// may wait, for the rest of the scan.
///
/// `@unchecked Sendable` is right because a cursor is used by one thread at a time.
public final class RocksDBCursor: EngineCursor, @unchecked Sendable {
    private let snapshot: RocksDBSnapshot
    private var range: KeyRange
    private let order: ScanOrder
    private var iterator: RocksDBIterator?
    private var mustWait = false

    init(snapshot: RocksDBSnapshot, range: KeyRange, order: ScanOrder) {
        self.snapshot = snapshot
        self.range = range
        self.order = order
    }

    public func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(StoreError) -> Bool {
        if range.isEmpty { return true }
        while true {
            if mustWait, !mayBlock {
                throw StoreError(.wouldBlock, "The next entries are on disk.", store: snapshot.database.path)
            }
            let iterator = iterator ?? makeIterator()
            self.iterator = iterator
            do throws(StoreError) {
                return try iterator.fill(&page)
            } catch {
                guard error.code == .wouldBlock else { throw error }
                mustWait = true
                self.iterator = nil
                if let last = page.lastKey {
                    range = range.remainder(after: last, order)
                    return false
                }
            }
        }
    }

    private func makeIterator() -> RocksDBIterator {
        let options = unsafe RocksDBReadOptions(mayBlock: mustWait, snapshot: snapshot.pointer)
        return unsafe RocksDBIterator(snapshot.database, options, range, order) { options in
            unsafe rocksdb_create_iterator(snapshot.database.pointer, options)
        }
    }
}
