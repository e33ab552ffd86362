import CRocksDB
import KVDS

/// The only place that translates RocksDB's error strings into errors of this package.
extension StoreError {
    /// The error for a call that changed nothing.
    static func rocksDB(_ message: String, _ path: String) -> StoreError {
        func error(_ code: Code, _ hint: String) -> StoreError {
            StoreError(code, "RocksDB reported: \(message); \(hint).", store: path)
        }
        switch message {
        // A write that would wait for a failed flush: report the failure of the flush.
        case _ where message.hasPrefix("Result incomplete: IO error"):
            return rocksDB(String(message.dropFirst("Result incomplete: ".count)), path)
        case _ where message.hasPrefix("Result incomplete"):
            return error(.busy, "try again")
        case _ where message.contains("No space left on device"): return error(.diskFull, "make room on the disk")
        case _ where message.contains("Permission denied"), _ where message.contains("Read-only file system"):
            return error(.permissionDenied, "give this user the right to use it")
        case _ where message.contains("Too many open files"):
            return error(.tooManyFiles, "raise the limit of open files, or lower maximumOpenFiles")
        case _ where message.hasPrefix("IO error: While lock file:"),
            _ where message.contains("lock hold by current process"):
            return error(.storeInUse, "another process has the store open; close it there")
        // RocksDB reports some I/O errors as invalid arguments, or as missing support.
        case _ where message.hasPrefix("Invalid argument") && message.contains("IO error"),
            _ where message.contains("Direct I/O is not supported"):
            return error(.ioFailure, "check the disk")
        case _ where message.hasPrefix("Corruption"): return error(.corrupt, "restore a backup")
        case _ where message.contains("Column families not opened"):
            return error(.foreignFormat, "the directory was not written by this package; choose another one")
        case _ where message.hasPrefix("Invalid argument"), _ where message.hasPrefix("Not implemented"):
            return error(.invalidArgument, "change the settings or the directory")
        case _ where message.hasPrefix("Resource busy"), _ where message.hasPrefix("Operation timed out"):
            return error(.busy, "try again")
        default: return error(.ioFailure, "check the disk")
        }
    }

}

extension EngineError {
    /// The error for a call that changed nothing.
    static func rocksDB(_ message: String, _ path: String) -> EngineError {
        let isSignal = message.hasPrefix("Result incomplete") && !message.hasPrefix("Result incomplete: IO error")
        return isSignal ? .wouldBlock : .failed(.rocksDB(message, path))
    }

    /// The error for a write. Unless RocksDB rejected the write before it began, the log may or may not contain it.
    static func rocksDB(write message: String, _ path: String) -> EngineError {
        let error = rocksDB(message, path)
        guard case .failed(let failure) = error else { return error }
        switch failure.code {
        case .invalidArgument, .busy: return error
        // A flush or compaction found the disk full. RocksDB rejects writes until there is room, and then continues.
        case .diskFull where message.contains(".sst"): return error
        default:
            return .failed(
                StoreError(
                    .outcomeUnknown,
                    "RocksDB could not finish a commit (\(message)): it may or may not be on disk. Check the disk, reopen, read.",
                    store: path))
        }
    }
}

/// Calls `body` with the location for RocksDB's error string, and frees the string.
///
/// - Parameter error: translates the string into an error.
func calling<R, E: Error>(
    _ error: (String) -> E, _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
) throws(E) -> R {
    var message: UnsafeMutablePointer<CChar>?
    let result = unsafe body(&message)
    guard let text = unsafe message else { return result }
    defer { unsafe rocksdb_free(text) }
    throw error(unsafe String(cString: text))
}

extension UnsafeRawBufferPointer {
    /// The bytes in the type that RocksDB takes. It does not read through the pointer when there are none.
    var characters: UnsafePointer<CChar>? { unsafe baseAddress?.assumingMemoryBound(to: CChar.self) }
}
