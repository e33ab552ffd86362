import KVDSSystem
import Synchronization

/// The directory of a disk store, held by one store of this process at a time.
///
/// Opening the same files twice in one process corrupts LMDB (closing the second releases the locks of the first), and
/// RocksDB refuses it with an unclear error. So every engine first claims its directory. Device and inode identify the
/// directory, whatever path leads to it.
package final class StoreDirectory: Sendable {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private static let lockedDirectories = Monitor<Set<Identity>>([])
    /// The directories that were made for a store that has not claimed them yet.
    private static let createdDirectories = Monitor<Set<Identity>>([])

    package let path: String
    private let identity: Identity
    /// Whether the directory was made for this store, and so has the requested permissions.
    let isMadeHere: Bool
    private let isReleased = Atomic<Bool>(false)

    /// Claims the directory at `path`, and makes it if it is missing.
    ///
    /// - Throws: `.storeInUse` when a store of this process holds it; `.notADirectory`, `.permissionDenied`,
    ///   `.diskFull`, `.ioFailure` when it cannot be made or used.
    package init(claiming path: String, permissions: UInt32 = 0o700) throws(StoreError) {
        let isNew = try StoreDirectory.create(path, permissions: permissions)
        if !isNew { try StoreDirectory.syncNames(of: path) }
        let identity = try StoreDirectory.identity(of: path)
        guard StoreDirectory.lockedDirectories.withLock({ $0.insert(identity).inserted }) else {
            throw StoreError(
                .storeInUse, "This process has the store open already; share its handle, or close it first.",
                store: path)
        }
        self.path = path
        self.identity = identity
        isMadeHere = StoreDirectory.createdDirectories.withLock { $0.remove(identity) != nil } || isNew
    }

    deinit { release() }

    private static func identity(of path: String) throws(StoreError) -> Identity {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .system(errno, "look at", path) }
        return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// Releases the directory. A second call has no effect.
    package func release() {
        if isReleased.exchange(true, ordering: .relaxed) { return }
        StoreDirectory.lockedDirectories.withLock { _ = $0.remove(identity) }
    }

    /// How many bytes can still be written to the disk; nil when the system does not report it.
    package var freeBytes: Int? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// Syncs the names in the directory. Without that, a synced file can be lost together with its name.
    package func sync() throws(StoreError) { try StoreDirectory.sync(path) }

    private static func sync(_ path: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 {
            // A directory that this user may not list cannot be synced either.
            if errno == EACCES { return }
            throw .system(errno, "sync", path)
        }
        defer { close(descriptor) }
        // File systems that have nothing to sync return these two errors.
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw .system(errno, "sync", path) }
    }

    /// Syncs the name of the file or directory at `path`.
    package static func syncParent(of path: String) throws(StoreError) { try sync(parent(of: path) ?? ".") }

    /// Syncs the names of a directory and of its parent. Either may have been made by a process that died before it had
    /// synced the name.
    private static func syncNames(of path: String) throws(StoreError) {
        try syncParent(of: path)
        if let parent = parent(of: path), parent != "/" { try syncParent(of: parent) }
    }

    /// The path up to the last slash; nil when there is none.
    private static func parent(of path: String) -> String? {
        path.dropLast().lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    }

    /// Makes the directory at `path`, and its missing parents, if it is missing.
    ///
    /// - Returns: whether it was missing.
    @discardableResult
    package static func create(_ path: String, permissions: UInt32) throws(StoreError) -> Bool {
        // The system would ignore the rest of the path.
        if path.utf8.contains(0) { throw .system(EINVAL, "make", path) }
        if let isNew = try make(path, permissions) { return isNew }
        guard let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex else {
            throw .system(ENOENT, "make", path)
        }
        try create(String(path[..<slash]), permissions: permissions)
        // Only one more attempt: in some places nothing can be made, although the parent exists.
        guard let isNew = try make(path, permissions) else { throw .system(ENOENT, "make", path) }
        return isNew
    }

    /// Makes the nested directories `names` in the directory at `root`, where they are missing.
    ///
    /// The path of `root` is the choice of the caller, and may lead through symbolic links. The path below it may not:
    /// anyone who can write there could redirect a store to any place.
    ///
    /// - Returns: the path of the innermost directory.
    /// - Throws: `.notADirectory` when one of `names` is a link or a file; as ``create(_:permissions:)``.
    package static func create(
        _ names: [String], in root: String, permissions: UInt32
    ) throws(StoreError) -> String {
        try create(root, permissions: permissions)
        var path = root
        var isNew = false
        for name in names {
            path += "/\(name)"
            if try kind(of: path) == S_IFLNK { throw .symbolicLink(path, .notADirectory) }
            isNew = try create(path, permissions: permissions)
        }
        if isNew {
            let identity = try identity(of: path)
            createdDirectories.withLock { _ = $0.insert(identity) }
        }
        return path
    }

    /// Makes one directory, if it is missing.
    ///
    /// - Returns: whether it was missing; nil when its parent is missing.
    private static func make(_ path: String, _ permissions: UInt32) throws(StoreError) -> Bool? {
        if unsafe mkdir(path, mode_t(permissions)) == 0 {
            try syncNames(of: path)
            return true
        }
        switch errno {
        case EEXIST:
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw .system(errno, "look at", path) }
            if status.st_mode & S_IFMT != S_IFDIR { throw .system(ENOTDIR, "use", path) }
            return false
        case ENOENT: return nil
        case let code: throw .system(code, "make", path)
        }
    }
}
