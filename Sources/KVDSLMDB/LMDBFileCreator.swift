import CLMDB
import KVDS
import KVDSSystem
import Synchronization

/// Creates the data file of a new store atomically.
///
/// LMDB writes a new file in place. If the process dies meanwhile, or the power fails, LMDB takes the remaining file
/// for a foreign one. So the file is created and synced under a temporary name, and then linked to its own:
///
///     data.mdb.new-4711-1  ──  link  ──►  data.mdb         one of several creators wins
enum LMDBFileCreator {
    private static let prefix = "data.mdb.new-"
    private static let numbers = Atomic<Int>(0)

    /// Whether a file has a temporary name, as the files have that a creator leaves behind when it dies.
    static func isTemporary(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// Creates the file in `directory`, if there is none, and syncs the directory.
    static func run(_ directory: StoreDirectory, _ configuration: LMDBConfiguration) throws(StoreError) {
        let file = "\(directory.path)/data.mdb"
        if unsafe access(file, F_OK) != 0 {
            let number = numbers.add(1, ordering: .relaxed).newValue
            let draft = "\(directory.path)/\(prefix)\(getpid())-\(number)"
            defer { unsafe unlink(draft) }
            try fill(draft, directory.path, configuration)
            if unsafe link(draft, file) != 0 {
                let code = errno
                if unsafe access(file, F_OK) != 0 { throw .system(code, "make", file) }
            }
        }
        for name in try directory.names() where isTemporary(name) { unsafe unlink("\(directory.path)/\(name)") }
        // Also if the file existed: its creator may have died before the sync.
        try directory.sync()
    }

    /// Creates a file with both databases, on stable storage.
    private static func fill(
        _ draft: String, _ path: String, _ configuration: LMDBConfiguration
    ) throws(StoreError) {
        var environment: OpaquePointer?
        try require(unsafe mdb_env_create(&environment), "be set up", path)
        guard let environment = unsafe environment else { throw .lmdb(ENOMEM, "be set up", path) }
        defer { unsafe mdb_env_close(environment) }
        try require(unsafe mdb_env_set_maxdbs(environment, 2), "be set up", path)
        try require(unsafe mdb_env_set_mapsize(environment, configuration.initialMapSize), "be set up", path)
        // No other process knows the file, so it needs no locks.
        let code = unsafe mdb_env_open(
            environment, draft, UInt32(MDB_NOSUBDIR | MDB_NOLOCK), mode_t(configuration.filePermissions))
        try require(code, "make its file", path)
        _ = try unsafe LMDBEnvironment.openDatabases(environment, path)
    }
}
