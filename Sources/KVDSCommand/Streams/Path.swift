#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a command wants to know about a path.
enum Path {
    /// Whether nothing is at `path`, or a directory without content. Where that cannot be said, it is false.
    static func isMissingOrEmpty(_ path: String) -> Bool {
        guard let directory = unsafe opendir(path) else { return errno == ENOENT }
        defer { unsafe closedir(directory) }
        // `.` and `..` are always there.
        return unsafe readdir(directory) == nil || readdir(directory) == nil || readdir(directory) == nil
    }

    /// Whether a directory is at `path`.
    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Removes the file at `path`, if it can.
    static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Whether something other than a regular file is at `path`: a pipe or a device, to be written in place.
    static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }
}
