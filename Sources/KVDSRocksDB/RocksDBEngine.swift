import CRocksDB
public import KVDS
import Synchronization

/// The engine of a RocksDB store.
///
/// A read first looks where no disk is needed: in the write buffers and the block cache. Only when that does not answer is
/// it repeated on a thread that may wait. Buffered writes are made at once unless RocksDB would stall them.
public final class RocksDBEngine: StorageEngine {
    let database: RocksDBDatabase
    let cached = RocksDBReadOptions(mayWait: false)
    let waiting = RocksDBReadOptions(mayWait: true)
    let durable = RocksDBWriteOptions(sync: true, mayWait: true)
    let buffered = RocksDBWriteOptions(sync: false, mayWait: true)
    let bufferedAtOnce = RocksDBWriteOptions(sync: false, mayWait: false)
    /// A batch above this many bytes, or one that goes through a range, takes too long for the caller's thread.
    private static let maximumInlineWeight = 64 << 10
    /// The revision of the last commit. Only the one transaction there is changes it.
    let revision: Atomic<UInt64>

    /// Opens the store in the directory at `path`, and makes it if there is none. Waits for a disk.
    public init(path: String, configuration: RocksDBConfiguration) throws(StoreError) {
        let database = try RocksDBDatabase(path: path, configuration: configuration)
        self.database = database
        revision = Atomic(try database.revision(waiting).rawValue)
    }

    public var limits: StoreLimits {
        StoreLimits(maximumKeyLength: Int(UInt16.max), maximumValueLength: Int(Int32.max))
    }

    public func mayWait(for batch: WriteBatch, _ durability: Durability) -> Bool {
        durability == .durable || batch.weight > Self.maximumInlineWeight || batch.coversRanges
    }

    public func get(_ key: Bytes, mayWait: Bool) throws(StoreError) -> Bytes? {
        try unsafe withBuffer(for: key, mayWait: mayWait) { unsafe Bytes(copying: $0) }
    }

    public func read(_ key: Bytes, mayWait: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try unsafe withBuffer(for: key, mayWait: mayWait) { unsafe body($0.bytes) } != nil
    }

    private func withBuffer<R>(
        for key: Bytes, mayWait: Bool, _ body: (UnsafeRawBufferPointer) -> R
    ) throws(StoreError) -> R? {
        let options = mayWait ? waiting : cached
        let slice = try unsafe calling({ .rocksDB($0, database.path) }) { error in
            unsafe key.withUnsafeBytes {
                unsafe rocksdb_get_pinned(database.pointer, options.pointer, $0.characters, $0.count, error)
            }
        }
        guard let slice = unsafe slice else { return nil }
        defer { unsafe rocksdb_pinnableslice_destroy(slice) }
        var length = 0
        let value = unsafe rocksdb_pinnableslice_value(slice, &length)
        if length == 0, !mayWait, !isKnown(key) { throw database.wouldWait }
        return unsafe body(UnsafeRawBufferPointer(start: value, count: length))
    }

    /// Whether memory knows the value of `key`, after a get that does not wait found an empty one.
    ///
    /// Where the table file that may hold the key is not open, such a get says "found" and gives an empty value, although it
    /// means "maybe"; only this other question tells the two apart.
    private func isKnown(_ key: Bytes) -> Bool {
        var isFound: UInt8 = 0
        var value: UnsafeMutablePointer<CChar>?
        var length = 0
        _ = unsafe key.withUnsafeBytes {
            unsafe rocksdb_key_may_exist(
                database.pointer, cached.pointer, $0.characters, $0.count, &value, &length, nil, 0, &isFound)
        }
        if let value = unsafe value { unsafe rocksdb_free(value) }
        return isFound != 0
    }

    public func makeSnapshot() throws(StoreError) -> RocksDBSnapshot { RocksDBSnapshot(database) }

    public func beginTransaction(readsOwnWrites: Bool, mayWait: Bool) throws(StoreError) -> RocksDBTransaction {
        RocksDBTransaction(engine: self, readsOwnWrites: readsOwnWrites, mayWait: mayWait)
    }

    public func inspect() throws(StoreError) -> EngineStatistics {
        let files = try database.files()
        return EngineStatistics(
            entryCount: nil, byteCount: files.reduce(0) { $0 + $1.byteCount },
            revision: Revision(rawValue: revision.load(ordering: .acquiring)), files: files)
    }

    public func close() throws(StoreError) { try database.close() }
}

extension RocksDBEngine: BackupEngine {
    public static func create(at path: String) throws(StoreError) -> RocksDBEngine {
        try RocksDBEngine(path: path, configuration: RocksDBConfiguration())
    }
}
