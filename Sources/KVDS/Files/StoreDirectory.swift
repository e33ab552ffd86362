import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The directory of a disk store, held by one store of this process at a time.
///
/// Opening the same files twice in one process corrupts LMDB (closing the second releases the locks of the first) and is
/// refused by RocksDB with a riddle. So every engine first claims its directory, which is known by device and inode,
/// whatever path leads to it.
package final class StoreDirectory: Sendable {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private static let claimed = Monitor<Set<Identity>>([])

    package let path: String
    private let identity: Identity
    private let isReleased = Atomic<Bool>(false)

    /// Claims the directory at `path`, which is made if it is missing.
    ///
    /// - Throws: `.storeInUse` when a store of this process holds it; `.notADirectory`, `.permissionDenied`, `.diskFull`,
    ///   `.ioFailure` when it cannot be had.
    package init(claiming path: String, permissions: UInt32 = 0o700) throws(StoreError) {
        try StoreDirectory.create(path, permissions: permissions)
        try StoreDirectory.syncParent(of: path)
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .system(errno, "look at", path) }
        let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        guard StoreDirectory.claimed.withLock({ $0.insert(identity).inserted }) else {
            throw StoreError(
                .storeInUse, "This process has the store open already; share its handle, or close it first.",
                store: path)
        }
        self.path = path
        self.identity = identity
    }

    deinit { release() }

    /// Gives the directory up; harmless when done twice.
    package func release() {
        if isReleased.exchange(true, ordering: .relaxed) { return }
        StoreDirectory.claimed.withLock { _ = $0.remove(identity) }
    }

    /// How many bytes can still be written to the disk; nil where the system does not tell.
    package var freeBytes: Int? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// Puts the names in the directory on stable storage: a file that is synced can still be lost with its name.
    package func sync() throws(StoreError) { try StoreDirectory.sync(path) }

    private static func sync(_ path: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 {
            // Who may not list a directory may not sync it either.
            if errno == EACCES { return }
            throw .system(errno, "sync", path)
        }
        defer { close(descriptor) }
        // EINVAL is what a file system says that has nothing to sync.
        if fsync(descriptor) != 0, errno != EINVAL { throw .system(errno, "sync", path) }
    }

    private static func syncParent(of path: String) throws(StoreError) {
        let slash = path.dropLast().lastIndex(of: "/")
        try sync(slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
    }

    /// Makes the directory at `path`, and those above it, where they are missing.
    package static func create(_ path: String, permissions: UInt32) throws(StoreError) {
        // The system would take the path up to there.
        if path.utf8.contains(0) { throw .system(EINVAL, "make", path) }
        if try make(path, permissions) { return }
        guard let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex else {
            throw .system(ENOENT, "make", path)
        }
        try create(String(path[..<slash]), permissions: permissions)
        // Tried once more only: there are places where nothing can be made, though what is above them is there.
        if try !make(path, permissions) { throw .system(ENOENT, "make", path) }
    }

    /// Makes one directory, if it is missing.
    ///
    /// - Returns: false when the one above it is missing.
    private static func make(_ path: String, _ permissions: UInt32) throws(StoreError) -> Bool {
        if unsafe mkdir(path, mode_t(permissions)) == 0 {
            try syncParent(of: path)
            return true
        }
        switch errno {
        case EEXIST:
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw .system(errno, "look at", path) }
            if status.st_mode & S_IFMT != S_IFDIR { throw .system(ENOTDIR, "use", path) }
            return true
        case ENOENT: return false
        case let code: throw .system(code, "make", path)
        }
    }

    /// - Throws: `.invalidArgument` when something is in the directory at `path`. One that is missing is empty.
    package static func requireEmpty(_ path: String) throws(StoreError) {
        guard try names(at: path).isEmpty else {
            throw StoreError(
                .invalidArgument, "Something is in the directory; name a new or an empty one.", store: path)
        }
    }

    /// The files in the directory, with their sizes in bytes.
    package func files() throws(StoreError) -> [EngineStatistics.File] {
        try names().sorted().compactMap { name in
            var status = stat()
            guard unsafe stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            // What the file takes, not what it spans: a map is sparse.
            return EngineStatistics.File(name: name, byteCount: min(Int(status.st_size), Int(status.st_blocks) * 512))
        }
    }

    /// What is in the directory, in no order.
    package func names() throws(StoreError) -> [String] { try StoreDirectory.names(at: path) }

    private static func names(at path: String) throws(StoreError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw .system(errno, "list", path)
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

extension StoreError {
    /// What an error number of the operating system means for a store.
    ///
    /// - Parameter action: what was tried, as in "open".
    package static func system(_ number: Int32, _ action: String, _ path: String) -> StoreError {
        let reason = unsafe String(cString: strerror(number))
        let (code, hint): (Code, String) =
            switch number {
            case ENOENT: (.notFound, "check the path")
            case EACCES, EPERM, EROFS: (.permissionDenied, "give this user the right to read and write it")
            case ENOTDIR, EISDIR: (.notADirectory, "a directory is needed here; move what is in its place")
            case ENOSPC, EDQUOT: (.diskFull, "make room on the disk")
            case EMFILE, ENFILE: (.tooManyFiles, "raise the limit of open files, or close some")
            case ENAMETOOLONG, EINVAL: (.invalidArgument, "use another path")
            default: (.ioFailure, "look at the disk")
            }
        return StoreError(code, "Cannot \(action) \(path): \(reason); \(hint).", store: path)
    }
}
