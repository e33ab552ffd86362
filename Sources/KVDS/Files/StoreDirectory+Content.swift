import KVDSSystem

/// The contents of a store's directory.
extension StoreDirectory {
    /// Checks that the files of the store are regular files or directories.
    ///
    /// - Parameter isOwn: whether the store opens a file of this name.
    /// - Throws: `.foreignFormat` when one of them is a symbolic link, which may lead out of the directory, or a pipe
    ///   or a device, whose opening may wait forever.
    package func requireOwnFiles(_ isOwn: (String) -> Bool = { _ in true }) throws(StoreError) {
        for name in try names() where isOwn(name) {
            let file = "\(path)/\(name)"
            switch try StoreDirectory.kind(of: file) {
            case S_IFREG, S_IFDIR, nil: break
            case S_IFLNK: throw .symbolicLink(file, .foreignFormat)
            default:
                throw StoreError(
                    .foreignFormat, "\(file) is not a regular file; remove it, or use another directory.", store: path)
            }
        }
    }

    /// Removes the permissions of all other users from a directory before a store is made in it. Needed if the library
    /// of the store makes files that all users can read.
    ///
    /// A directory that has content, or was made with the requested permissions, stays unchanged.
    package func closeToOthers() throws(StoreError) {
        guard !isMadeHere, try names().isEmpty else { return }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .system(errno, "look at", path) }
        if status.st_mode & 0o077 == 0 { return }
        if unsafe chmod(path, status.st_mode & 0o700) != 0 { throw .system(errno, "close to others", path) }
    }

    /// The type of the file at `path`, such as `S_IFREG`; nil when there is none. A symbolic link is not followed.
    static func kind(of path: String) throws(StoreError) -> mode_t? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return status.st_mode & S_IFMT }
        if errno == ENOENT { return nil }
        throw .system(errno, "look at", path)
    }

    /// Checks that the directory at `path` is empty or missing.
    ///
    /// - Throws: `.invalidArgument` when it is not empty.
    package static func requireEmpty(_ path: String) throws(StoreError) {
        guard try names(at: path).isEmpty else {
            throw StoreError(
                .invalidArgument, "The directory is not empty; choose a new or an empty one.", store: path)
        }
    }

    /// The files in the directory, with their sizes in bytes.
    package func files() throws(StoreError) -> [EngineStatistics.File] {
        try names().sorted().compactMap { name in
            var status = stat()
            guard unsafe stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            // The space that the file takes, not its length: a memory map is sparse.
            return EngineStatistics.File(name: name, byteCount: min(Int(status.st_size), Int(status.st_blocks) * 512))
        }
    }

    /// The names in the directory, in no particular order.
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
