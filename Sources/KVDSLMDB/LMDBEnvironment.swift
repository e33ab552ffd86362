import CLMDB
import KVDS
import KVDSSystem
import Synchronization

/// The owner of an `MDB_env` and its two databases: `entries` for the user's entries and `kvds` for the store's own
/// data.
///
/// `@unchecked Sendable` is right because LMDB's environment may be used from any thread, and because everything here
/// is constant after init or atomic, except two properties: only `close()` and `deinit` touch `isClosed`, and only the
/// thread that commits touches `lastSyncedCommit`. `@safe` because the pointer does not leave the module and is freed
/// here.
@safe
final class LMDBEnvironment: @unchecked Sendable {
    let path: String
    let maximumReaders: Int
    /// The size of a page of the file in bytes, a power of two.
    let pageSize: Int
    let pointer: OpaquePointer
    let entries: MDB_dbi
    let meta: MDB_dbi
    let turns: LMDBFileLocks
    private let directory: StoreDirectory
    private var isClosed = false
    /// Set when LMDB lost its map; nothing may be read after that.
    private let hasLostMap = Atomic<Bool>(false)
    /// LMDB's number of the newest commit that this process knows to be on stable storage. It does not know this of
    /// commits that it found when it opened the store or that other processes made. Only the thread that commits
    /// touches it.
    var lastSyncedCommit: Int?

    /// Opens the environment in the directory at `path`, and creates it if the directory is empty. May wait for a disk,
    /// and for a writer in another process.
    init(path: String, configuration: LMDBConfiguration) throws(StoreError) {
        guard configuration.maximumReaders > 0, configuration.initialMapSize > 0,
            configuration.initialMapSize <= configuration.maximumMapSize
        else {
            throw StoreError(
                .invalidArgument,
                "The map sizes and maximumReaders must be above 0, and initialMapSize at most maximumMapSize.",
                store: path)
        }
        directory = try StoreDirectory(claiming: path)
        let names = try directory.names().filter { !LMDBFileCreator.isTemporary($0) }
        let own = ["data.mdb", "lock.mdb"]
        try directory.requireOwnFiles(own.contains)
        if !names.isEmpty, !own.contains(where: names.contains) {
            throw StoreError(
                .foreignFormat, "The directory contains other files and no LMDB store; choose another one.",
                store: path)
        }
        try LMDBFileCreator.run(directory, configuration)
        var pointer: OpaquePointer?
        try require(unsafe mdb_env_create(&pointer), "be set up", path)
        guard let pointer = unsafe pointer else { throw .lmdb(ENOMEM, "be set up", path) }
        do throws(StoreError) {
            try require(unsafe mdb_env_set_maxdbs(pointer, 2), "be set up", path)
            try require(
                unsafe mdb_env_set_maxreaders(pointer, UInt32(clamping: configuration.maximumReaders)), "be set up",
                path)
            try require(unsafe mdb_env_set_mapsize(pointer, configuration.initialMapSize), "be set up", path)
            // NOTLS: a read transaction belongs to its holder, not to a thread.
            let flags = UInt32(configuration.readsAhead ? MDB_NOTLS : MDB_NOTLS | MDB_NORDAHEAD)
            try require(
                unsafe mdb_env_open(pointer, path, flags, mode_t(configuration.filePermissions)), "open the files", path
            )
            let turns = try LMDBFileLocks("\(path)/data.mdb")
            // Clears stale readers.
            try turns.withReaderTableLock { () throws(StoreError) in
                try require(unsafe mdb_reader_check(pointer, nil), "check its readers", path)
            }
            try unsafe LMDBTruncationCheck(pointer, path, turns).check()
            (entries, meta) = try turns.withReaderTableLock { () throws(StoreError) in
                try unsafe LMDBEnvironment.openDatabases(pointer, path)
            }
            self.turns = turns
        } catch {
            unsafe mdb_env_close(pointer)
            throw error
        }
        var readers: UInt32 = 0
        unsafe mdb_env_get_maxreaders(pointer, &readers)
        unsafe self.pointer = pointer
        self.path = path
        self.maximumReaders = Int(readers)
        var statistics = MDB_stat()
        unsafe mdb_env_stat(pointer, &statistics)
        pageSize = Int(statistics.ms_psize)
    }

    deinit { close() }

    /// Closes the files. No transaction may be open.
    func close() {
        if isClosed { return }
        isClosed = true
        unsafe mdb_env_close(pointer)
        turns.end()
        directory.release()
    }

    func files() throws(StoreError) -> [EngineStatistics.File] { try directory.files() }

    /// Remaps the file. No read may be running.
    ///
    /// LMDB unmaps the old map before it requests the new one. If that request fails, the environment has no map.
    func setMapSize(_ size: Int) throws(StoreError) {
        let code = unsafe mdb_env_set_mapsize(pointer, size)
        if code == MDB_SUCCESS { return }
        hasLostMap.store(true, ordering: .releasing)
        throw .lmdb(code, "enlarge its map", path)
    }

    /// Clears stale readers: frees the reader slots of processes that died, and so the pages that only they could see.
    ///
    /// - Returns: whether there were any.
    func clearStaleReaders() -> Bool {
        var count: Int32 = 0
        let code = turns.withReaderTableLock { unsafe mdb_reader_check(pointer, &count) }
        return code == MDB_SUCCESS && count > 0
    }

    /// - Throws: `.ioFailure` when there is no map to read.
    func requireMap() throws(StoreError) {
        if hasLostMap.load(ordering: .acquiring) {
            throw StoreError(
                .ioFailure, "The memory map was lost while it was enlarged; reopen the store.", store: path,
                advice: .reopen)
        }
    }

    /// As ``requireMap()``, for a call of the engine.
    func checkMap() throws(EngineError) {
        try EngineError.wrapping { () throws(StoreError) in try requireMap() }
    }

    /// Syncs all commits before a durable one, unless the newest of them is known to be synced. If the durable commit
    /// then fails, no earlier commit is affected.
    ///
    /// - Parameter last: LMDB's number of the newest commit.
    func syncEarlierCommits(_ last: Int) throws(StoreError) {
        if lastSyncedCommit == last { return }
        let code = unsafe mdb_env_sync(pointer, 1)
        if code != MDB_SUCCESS { throw .lmdb(unknown: code, self) }
        lastSyncedCommit = last
    }

    /// Whether the disk has so little space left that a write may have been incomplete.
    var diskIsFull: Bool { directory.freeBytes.map { $0 < 1 << 20 } ?? false }

    /// Whether LMDB refuses further work after a failed write, as it does when the write was to its meta page.
    var isPanicked: Bool {
        var reader: OpaquePointer?
        let code = turns.withReaderTableLock { unsafe mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &reader) }
        if code == MDB_SUCCESS { unsafe mdb_txn_abort(reader) }
        return code == MDB_PANIC
    }

    /// The size of the map in bytes.
    var mapSize: Int {
        var info = unsafe MDB_envinfo()
        unsafe mdb_env_info(pointer, &info)
        return unsafe Int(info.me_mapsize)
    }
}
