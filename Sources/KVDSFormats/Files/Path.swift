import KVDSSystem

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Checks and removals in the file system.
package enum Path {
    /// Whether there is nothing at `path`, or an empty directory; false when that cannot be determined.
    package static func isMissingOrEmpty(_ path: String) -> Bool {
        guard let directory = unsafe opendir(path) else { return errno == ENOENT }
        defer { unsafe closedir(directory) }
        // `.` and `..` are always there.
        return unsafe readdir(directory) == nil || readdir(directory) == nil || readdir(directory) == nil
    }

    /// Whether `path` is a directory.
    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The permissions of the file at `path`; nil when there is no regular file.
    package static func permissions(of path: String) -> UInt32? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt32(status.st_mode & 0o777)
    }

    /// Removes the file at `path`, if possible.
    package static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Removes the directory at `path` and its content, or only its content, as far as possible.
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

    /// Whether `path` is something other than a regular file: a pipe or a device, which must be written in place.
    package static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }
}
