#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is in a store's directory.
extension StoreDirectory {
    /// - Throws: `.foreignFormat` when one of the store's files is a symbolic link, which would be followed out of the
    ///   directory, or a pipe or a device, at which opening may wait for ever.
    /// - Parameter isOwn: whether the store opens a file of this name.
    package func requireOwnFiles(_ isOwn: (String) -> Bool = { _ in true }) throws(StoreError) {
        for name in try names() where isOwn(name) {
            let file = "\(path)/\(name)"
            switch try StoreDirectory.kind(of: file) {
            case S_IFREG, S_IFDIR, nil: break
            case S_IFLNK: throw .symbolicLink(file, .foreignFormat)
            default:
                throw StoreError(
                    .foreignFormat, "\(file) is no file; remove it, or choose another directory.", store: path)
            }
        }
    }

    /// Closes a directory to others in which a store is about to be made whose library lets everybody read its files.
    ///
    /// One that has content, or was made with permissions that were asked for, stays as it is.
    package func closeToOthers() throws(StoreError) {
        guard !isMadeHere, try names().isEmpty else { return }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .system(errno, "look at", path) }
        if status.st_mode & 0o077 == 0 { return }
        if unsafe chmod(path, status.st_mode & 0o700) != 0 { throw .system(errno, "close to others", path) }
    }

    /// What is at `path`, as `S_IFREG` and the like, of a link the link itself; nil when nothing is there.
    static func kind(of path: String) throws(StoreError) -> mode_t? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return status.st_mode & S_IFMT }
        if errno == ENOENT { return nil }
        throw .system(errno, "look at", path)
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
