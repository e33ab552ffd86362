#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is at a path.
package enum Path {
    /// Whether nothing is at `path`, or a directory without content. Where that cannot be said, it is false.
    package static func isMissingOrEmpty(_ path: String) -> Bool {
        guard let directory = unsafe opendir(path) else { return errno == ENOENT }
        defer { unsafe closedir(directory) }
        // `.` and `..` are always there.
        return unsafe readdir(directory) == nil || readdir(directory) == nil || readdir(directory) == nil
    }

    /// Whether a directory is at `path`.
    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Who may read and write the file at `path`; nil when there is no regular file.
    package static func permissions(of path: String) -> UInt32? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt32(status.st_mode & 0o777)
    }

    /// Removes the file at `path`, if it can.
    package static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Removes the directory at `path` with all that is in it, or only what is in it, as far as it can.
    package static func removeTree(_ path: String, contentOnly: Bool) {
        let manager = FileManager.default
        guard contentOnly else {
            try? manager.removeItem(atPath: path)
            return
        }
        for name in (try? manager.contentsOfDirectory(atPath: path)) ?? [] {
            try? manager.removeItem(atPath: "\(path)/\(name)")
        }
    }

    /// Whether something other than a regular file is at `path`: a pipe or a device, to be written in place.
    package static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }
}
