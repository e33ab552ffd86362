import CRocksDB
import KVDS
import KVDSSystem
import Synchronization

/// The owner of a `rocksdb_t` and its two column families: `default` for the user's entries and `kvds` for the store's
/// own data.
///
/// `@unchecked Sendable` is right because RocksDB may be used from any thread, and because everything here is constant
/// after init or atomic, except `isClosed`, which only `close()` and `deinit` touch. `@safe` because the pointers do
/// not leave the module and are freed here.
@safe
final class RocksDBDatabase: @unchecked Sendable {
    private static let families = ["default", "kvds"]

    let path: String
    let pointer: OpaquePointer
    private let entries: OpaquePointer
    let meta: OpaquePointer
    private let options: RocksDBOptions
    private let directory: StoreDirectory
    private let blockCache: RocksDBBlockCache
    private var isClosed = false
    /// Set when RocksDB could not write to its log. After that, the log must not be synced any more.
    private let hasBrokenLog = Atomic<Bool>(false)

    /// Opens the database in the directory at `path`, and creates it if there is none. Waits for a disk.
    init(path: String, configuration: RocksDBConfiguration) throws(StoreError) {
        let directory = try StoreDirectory(claiming: path)
        let options = RocksDBOptions(configuration)
        self.directory = directory
        self.options = options
        blockCache = configuration.blockCache
        self.path = path
        try directory.requireOwnFiles()
        try RocksDBDatabase.checkContent(of: directory, options)
        // RocksDB lets every user who can reach its files read them.
        try directory.closeToOthers()

        var handles: [OpaquePointer?] = unsafe [nil, nil]
        let names = unsafe RocksDBDatabase.families.map { unsafe strdup($0) }
        defer { unsafe names.forEach { unsafe free($0) } }
        var constantNames = unsafe names.map { unsafe UnsafePointer($0) }
        var both: [OpaquePointer?] = unsafe [options.pointer, options.pointer]
        let opened = try unsafe RocksDBExitGuard.unlessExiting { () throws(StoreError) -> OpaquePointer? in
            try unsafe calling({ StoreError.rocksDB($0, path) }) { error in
                unsafe rocksdb_open_column_families(options.pointer, path, 2, &constantNames, &both, &handles, error)
            }
        }
        RocksDBExitGuard.register()
        guard let opened = unsafe opened else { throw RocksDBExitGuard.error(path) }
        guard let opened = unsafe opened, let entries = unsafe handles[0], let meta = unsafe handles[1] else {
            throw StoreError(.ioFailure, "RocksDB could not open the directory and gave no reason.", store: path)
        }
        unsafe pointer = opened
        unsafe self.entries = entries
        unsafe self.meta = meta
        try checkFormat()
    }

    deinit { try? close() }

    /// Closes the files. No call, iterator or snapshot may be left.
    ///
    /// - Throws: when buffered commits could not be synced; everything is released even then.
    func close() throws(StoreError) {
        if isClosed { return }
        isClosed = true
        _ = try RocksDBExitGuard.unlessExiting { () throws(StoreError) in try release() }
    }

    private func release() throws(StoreError) {
        unsafe rocksdb_cancel_all_background_work(pointer, 1)
        defer {
            unsafe rocksdb_column_family_handle_destroy(entries)
            unsafe rocksdb_column_family_handle_destroy(meta)
            unsafe rocksdb_close(pointer)
            directory.release()
        }
        // If RocksDB is built with assertions, syncing a log after a failure aborts the process.
        if hasBrokenLog.load(ordering: .relaxed) || hasBackgroundErrors { return }
        try unsafe calling({ StoreError.rocksDB($0, path) }) { error in unsafe rocksdb_flush_wal(pointer, 1, error) }
    }

    /// Whether a flush has failed. A flush also syncs full logs.
    private var hasBackgroundErrors: Bool {
        var count: UInt64 = 0
        return unsafe rocksdb_property_int(pointer, "rocksdb.background-errors", &count) == 0 && count > 0
    }

    /// Records that a write failed.
    func noteBrokenLog() { hasBrokenLog.store(true, ordering: .relaxed) }

    /// The number of bytes that can still be written to the disk; nil when the system does not report it.
    var freeBytes: Int? { directory.freeBytes }

    func files() throws(StoreError) -> [EngineStatistics.File] { try directory.files() }

    /// The revision of the last commit that a read with `options` sees.
    func revision(_ options: RocksDBReadOptions) throws(EngineError) -> Revision {
        Revision(rawValue: try number(StoreFormat.revisionKey, options) ?? 0)
    }

    /// Adds the revision to a batch of writes, so that both are committed together.
    ///
    /// - Parameter write: adds a key and its value in the family ``meta`` to the batch.
    func write(_ revision: Revision, _ write: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
        var bigEndian = revision.rawValue.bigEndian
        unsafe StoreFormat.revisionKey.withUnsafeBytes { key in
            unsafe withUnsafeBytes(of: &bigEndian) { value in unsafe write(key, value) }
        }
    }

    private func put(_ number: UInt64, _ key: Bytes) throws(StoreError) {
        var bigEndian = number.bigEndian
        let options = RocksDBWriteOptions(sync: true, mayBlock: true)
        do throws(StoreError) {
            try unsafe calling({ StoreError.rocksDB($0, path) }) { error in
                unsafe key.withUnsafeBytes { key in
                    unsafe withUnsafeBytes(of: &bigEndian) { value in
                        unsafe rocksdb_put_cf(
                            pointer, options.pointer, meta, key.characters, key.count, value.characters, value.count,
                            error)
                    }
                }
            }
        } catch {
            noteBrokenLog()
            throw error
        }
    }

    private func number(_ key: Bytes, _ options: RocksDBReadOptions) throws(EngineError) -> UInt64? {
        let slice = try unsafe calling({ EngineError.rocksDB($0, path) }) { error in
            unsafe key.withUnsafeBytes {
                unsafe rocksdb_get_pinned_cf(pointer, options.pointer, meta, $0.characters, $0.count, error)
            }
        }
        guard let slice = unsafe slice else { return nil }
        defer { unsafe rocksdb_pinnableslice_destroy(slice) }
        var length = 0
        let value = unsafe rocksdb_pinnableslice_value(slice, &length)
        // As in withBuffer(for:_:_:): a non-blocking read that finds an empty value may mean "maybe".
        if length == 0, !options.mayBlock { throw .wouldBlock }
        return try EngineError.wrapping { () throws(StoreError) in
            try unsafe StoreFormat.number(UnsafeRawBufferPointer(start: value, count: length), path)
        }
    }

    private var isEmpty: Bool {
        let options = RocksDBReadOptions(mayBlock: true)
        let iterator: OpaquePointer = unsafe rocksdb_create_iterator(pointer, options.pointer)
        defer { unsafe rocksdb_iter_destroy(iterator) }
        unsafe rocksdb_iter_seek_to_first(iterator)
        return unsafe rocksdb_iter_valid(iterator) == 0
    }

    /// Checks the format of an open database, and writes it into a new one.
    private func checkFormat() throws(StoreError) {
        guard let version = try openingNumber(StoreFormat.versionKey) else {
            // The store is new, or its creation was interrupted before this write.
            if isEmpty { return try put(StoreFormat.version, StoreFormat.versionKey) }
            throw StoreError(
                .foreignFormat, "The database has no format version; choose another directory.", store: path)
        }
        try StoreFormat.check(version: version, path)
        try StoreFormat.check(revision: openingNumber(StoreFormat.revisionKey), path)
    }

    /// The revision of the last commit. Waits for a disk.
    func openingRevision() throws(StoreError) -> Revision {
        Revision(rawValue: try openingNumber(StoreFormat.revisionKey) ?? 0)
    }

    private func openingNumber(_ key: Bytes) throws(StoreError) -> UInt64? {
        do throws(EngineError) {
            return try number(key, RocksDBReadOptions(mayBlock: true))
        } catch {
            guard case .failed(let failure) = error else {
                throw StoreError(.busy, "The database could not be read while it was opened; try again.", store: path)
            }
            throw failure
        }
    }
}
