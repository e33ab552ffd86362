import CLMDB
import KVDS
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The owner of an `MDB_env` and its two databases: `entries`, which is the user's, and `kvds`, which is ours.
///
/// `@unchecked Sendable` is right because everything here is constant after init but what says otherwise, and `isClosed`,
/// which is only touched by `close()` and `deinit`; LMDB's environment may be used from any thread. `@safe` because the pointer does not leave the
/// module and is freed here.
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
    /// Set when LMDB lost its map: nothing may be read any more.
    private let hasLostMap = Atomic<Bool>(false)
    /// LMDB's number of the newest commit that this process knows to be on stable storage. Of one that it found, or that
    /// another process made, it does not know. Only touched by the thread that commits.
    var lastSyncedCommit: Int?

    /// Opens the environment in the directory at `path`, and makes it if the directory is empty. May wait for a disk, and
    /// for a writer in another process.
    init(path: String, configuration: LMDBConfiguration) throws(StoreError) {
        guard configuration.maximumReaders > 0, configuration.initialMapSize > 0,
            configuration.initialMapSize <= configuration.maximumMapSize
        else {
            throw StoreError(
                .invalidArgument,
                "The sizes and the number of readers are above 0, and the initial map is not above the maximum.",
                store: path)
        }
        directory = try StoreDirectory(claiming: path)
        let names = try directory.names().filter { !LMDBFileCreator.isTemporary($0) }
        let own = ["data.mdb", "lock.mdb"]
        try directory.requireOwnFiles(own.contains)
        if !names.isEmpty, !own.contains(where: names.contains) {
            throw StoreError(
                .foreignFormat, "The directory has other files in it and no LMDB store; choose another one.",
                store: path)
        }
        try LMDBFileCreator.run(directory, configuration)
        var pointer: OpaquePointer?
        try check(unsafe mdb_env_create(&pointer), "be set up", path)
        guard let pointer = unsafe pointer else { throw .lmdb(ENOMEM, "be set up", path) }
        do throws(StoreError) {
            try check(unsafe mdb_env_set_maxdbs(pointer, 2), "be set up", path)
            try check(
                unsafe mdb_env_set_maxreaders(pointer, UInt32(clamping: configuration.maximumReaders)), "be set up",
                path)
            try check(unsafe mdb_env_set_mapsize(pointer, configuration.initialMapSize), "be set up", path)
            // NOTLS: a read transaction belongs to its holder, not to a thread.
            let flags = UInt32(configuration.readsAhead ? MDB_NOTLS : MDB_NOTLS | MDB_NORDAHEAD)
            try check(
                unsafe mdb_env_open(pointer, path, flags, mode_t(configuration.filePermissions)), "open the files", path
            )
            let turns = try LMDBFileLocks("\(path)/data.mdb")
            // The slots of readers that died with their process.
            try turns.withReaderTableLock { () throws(StoreError) in
                try check(unsafe mdb_reader_check(pointer, nil), "check its readers", path)
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

    /// Closes the files. No transaction is open.
    func close() {
        if isClosed { return }
        isClosed = true
        unsafe mdb_env_close(pointer)
        turns.end()
        directory.release()
    }

    func files() throws(StoreError) -> [EngineStatistics.File] { try directory.files() }

    /// Remaps the file, while nobody reads.
    ///
    /// LMDB gives the old map up before it asks for the new one. When it does not get that, the environment has none.
    func setMapSize(_ size: Int) throws(StoreError) {
        let code = unsafe mdb_env_set_mapsize(pointer, size)
        if code == MDB_SUCCESS { return }
        hasLostMap.store(true, ordering: .releasing)
        throw .lmdb(code, "enlarge its map", path)
    }

    /// Frees the slots of readers that died with their process, and with them the pages that only they could see.
    ///
    /// - Returns: whether there were any.
    func clearStaleReaders() -> Bool {
        var count: Int32 = 0
        let code = turns.withReaderTableLock { unsafe mdb_reader_check(pointer, &count) }
        return code == MDB_SUCCESS && count > 0
    }

    /// - Throws: `.ioFailure` when there is no map to read.
    func checkMap() throws(StoreError) {
        if hasLostMap.load(ordering: .acquiring) {
            throw StoreError(
                .ioFailure, "The system took the map away while it was enlarged; reopen the store.", store: path,
                advice: .reopen)
        }
    }

    /// Syncs all commits before a durable one, unless the newest is known to be synced. So a failure of the durable one
    /// leaves nothing else open.
    ///
    /// - Parameter last: LMDB's number of the newest commit.
    func syncEarlierCommits(_ last: Int) throws(StoreError) {
        if lastSyncedCommit == last { return }
        let code = unsafe mdb_env_sync(pointer, 1)
        if code != MDB_SUCCESS { throw .lmdb(unknown: code, self) }
        lastSyncedCommit = last
    }

    /// Whether the disk has so little room left that a write may have been cut short.
    var diskIsFull: Bool { directory.freeBytes.map { $0 < 1 << 20 } ?? false }

    /// Whether LMDB refuses to go on after a failed write, as it does when that was to its meta page.
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
