import KVDS

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Descriptor {
    /// Writes a file anew. It gets its name once it is complete and on stable storage; until then the file that was there
    /// stays. A new file is for its owner alone, one that is replaced keeps its permissions. When `body` throws, nothing is
    /// left of what it wrote.
    ///
    /// When only the sync of the name fails, the file is there and may be lost with the power.
    ///
    /// - Parameter body: writes the content.
    /// - Throws: `StoreError`; what `body` throws. `.busy` when another process has begun to write the same file: this one
    ///   changes nothing then.
    package static func replacingFile<R>(at path: String, _ body: (Descriptor) async throws -> R) async throws -> R {
        let file = try making(path + ".partial", permissions: Path.permissions(of: path) ?? 0o600)
        var isFinished = false
        defer { if !isFinished, file.hasItsName { Path.remove(file.name) } }
        let result = try await body(file)
        try file.finish(as: path)
        isFinished = true
        return result
    }

    /// A new file in the place of whatever has this name; a link there is removed and not followed.
    ///
    /// - Parameter permissions: who may read and write it.
    private static func making(_ path: String, permissions: UInt32) throws(StoreError) -> Descriptor {
        Path.remove(path)
        let file = try opening(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        if permissions != 0o600, fchmod(file.number, mode_t(permissions)) != 0 { throw .system(errno, "share", path) }
        return file
    }

    private func finish(as path: String) throws(StoreError) {
        if fsync(number) != 0 { throw .system(errno, "write to", path) }
        if !hasItsName { throw StoreError(.busy, "Another process has begun to write \(path); nothing was changed.") }
        if unsafe rename(name, path) != 0 { throw .system(errno, "write to", path) }
        try StoreDirectory.syncParent(of: path)
    }

    /// Whether the name still leads to this file: another process may have put its own in the place.
    private var hasItsName: Bool {
        var (mine, named) = (stat(), stat())
        guard unsafe fstat(number, &mine) == 0, unsafe lstat(name, &named) == 0 else { return false }
        return mine.st_dev == named.st_dev && mine.st_ino == named.st_ino
    }
}
