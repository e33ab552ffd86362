import CRocksDB
package import KVDS
import Synchronization

/// The engine of a RocksDB store.
///
/// A read first tries the fast path: the write buffers and the block cache, which need no disk. If that would block,
/// the read is repeated on a thread that may wait. Buffered writes are made immediately, unless RocksDB would stall
/// them.
package final class RocksDBEngine: StorageEngine {
    let database: RocksDBDatabase
    let room: RocksDBDiskSpaceGuard
    let cached = RocksDBReadOptions(mayBlock: false)
    let waiting = RocksDBReadOptions(mayBlock: true)
    let durable = RocksDBWriteOptions(sync: true, mayBlock: true)
    let buffered = RocksDBWriteOptions(sync: false, mayBlock: true)
    let bufferedNoSlowdown = RocksDBWriteOptions(sync: false, mayBlock: false)
    /// The maximum weight, in bytes, of a batch that is committed on the caller's thread. A larger batch, or one that
    /// covers a range, takes too long for it.
    private static let maximumInlineWeight = 64 << 10
    /// The revision of the last commit. Only the single open transaction changes it.
    let revision: Atomic<UInt64>
    /// The revision of the last commit that was begun. A snapshot taken while this equals ``revision`` shows exactly
    /// that revision.
    let newest: Atomic<UInt64>

    /// Opens the store in the directory at `path`, and creates it if there is none. Waits for a disk.
    package init(path: String, configuration: RocksDBConfiguration) throws(StoreError) {
        let database = try RocksDBDatabase(path: path, configuration: configuration)
        self.database = database
        room = RocksDBDiskSpaceGuard(database)
        let revision = try database.openingRevision().rawValue
        self.revision = Atomic(revision)
        newest = Atomic(revision)
    }

    package var limits: StoreLimits {
        StoreLimits(maximumKeyLength: Int(UInt16.max), maximumValueLength: Int(Int32.max))
    }

    package func mayBlock(for batch: WriteBatch, _ durability: Durability) -> Bool {
        durability == .durable || batch.weight > Self.maximumInlineWeight || batch.coversRanges
    }

    package func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try unsafe database.withBuffer(for: key, mayBlock ? waiting : cached) { unsafe Bytes(copying: $0) }
    }

    package func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try unsafe database.withBuffer(for: key, mayBlock ? waiting : cached) { unsafe body($0.bytes) } != nil
    }

    /// Makes a snapshot. If no commit was in progress, its revision is known without a read.
    package func makeSnapshot() throws(EngineError) -> RocksDBSnapshot {
        let before = revision.load(ordering: .sequentiallyConsistent)
        let snapshot = RocksDBSnapshot(database)
        let isQuiet = newest.load(ordering: .sequentiallyConsistent) == before
        snapshot.known = isQuiet ? Revision(rawValue: before) : nil
        return snapshot
    }

    package func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> RocksDBTransaction {
        RocksDBTransaction(engine: self, readsOwnWrites: readsOwnWrites, mayBlock: mayBlock)
    }

    package func inspect() throws(EngineError) -> EngineStatistics {
        let files = try EngineError.wrapping { () throws(StoreError) in try database.files() }
        return EngineStatistics(
            entryCount: nil, byteCount: files.reduce(0) { $0 + $1.byteCount },
            revision: Revision(rawValue: revision.load(ordering: .acquiring)), files: files)
    }

    package func close() throws(StoreError) { try database.close() }
}

extension RocksDBEngine: BackupEngine {
    package static func create(at path: String) throws(StoreError) -> RocksDBEngine {
        try RocksDBEngine(path: path, configuration: RocksDBConfiguration())
    }
}
