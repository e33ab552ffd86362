import KVDS
import KVDSSystem

extension Descriptor {
    /// Writes or replaces a file atomically. The file gets its name once it is complete and on stable storage; until
    /// then, an existing file stays. Only the owner may access a new file; a replaced file keeps its permissions. When
    /// `body` throws, nothing that it wrote is left.
    ///
    /// If only the sync of the name fails, the file exists but may be lost when the power fails.
    ///
    /// - Parameter body: writes the content.
    /// - Throws: `StoreError`; the errors of `body`. `.busy` when another process has begun to write the same file;
    ///   this call then changes nothing.
    package static func replacingFile<R>(at path: String, _ body: (Descriptor) async throws -> R) async throws -> R {
        let file = try making(path + ".partial", permissions: Path.permissions(of: path) ?? 0o600)
        var isFinished = false
        defer { if !isFinished, file.hasItsName { Path.remove(file.name) } }
        let result = try await body(file)
        try file.finish(as: path)
        isFinished = true
        return result
    }

    /// Creates a new file and removes any file with this name first. A link is removed, not followed.
    ///
    /// - Parameter permissions: the mode of the file.
    private static func making(_ path: String, permissions: UInt32) throws(StoreError) -> Descriptor {
        Path.remove(path)
        let file = try opening(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        if permissions != 0o600, fchmod(file.number, mode_t(permissions)) != 0 { throw .system(errno, "chmod", path) }
        return file
    }

    private func finish(as path: String) throws(StoreError) {
        if fsync(number) != 0 { throw .system(errno, "write to", path) }
        if !hasItsName { throw StoreError(.busy, "Another process has begun to write \(path); nothing was changed.") }
        if unsafe rename(name, path) != 0 { throw .system(errno, "write to", path) }
        try StoreDirectory.syncParent(of: path)
    }

    /// Whether the name still refers to this file. Another process may have replaced it.
    private var hasItsName: Bool {
        var (mine, named) = (stat(), stat())
        guard unsafe fstat(number, &mine) == 0, unsafe lstat(name, &named) == 0 else { return false }
        return mine.st_dev == named.st_dev && mine.st_ino == named.st_ino
    }
}
