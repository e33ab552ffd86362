import CLMDB
import KVDS

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where LMDB's return codes become errors of this package: the only place.
extension StoreError {
    /// - Parameter action: what was tried, as in "read".
    static func lmdb(_ code: Int32, _ action: String, _ path: String) -> StoreError {
        let reason = unsafe String(cString: mdb_strerror(code))
        func error(_ kind: Code, _ hint: String) -> StoreError {
            StoreError(kind, "LMDB could not \(action): \(reason); \(hint).", store: path)
        }
        switch code {
        case MDB_MAP_FULL, MDB_MAP_RESIZED: return error(.mapFull, "the map has to grow")
        case MDB_READERS_FULL:
            return error(.tooManySnapshots, "end scans, or open the store with more than its maximum of readers")
        case MDB_INVALID:
            return error(.foreignFormat, "the file is damaged or was not written by LMDB; choose another directory")
        case MDB_VERSION_MISMATCH: return error(.newerFormat, "the file belongs to another version of LMDB")
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL, MDB_BAD_TXN, MDB_INCOMPATIBLE:
            return error(.corrupt, "the file is damaged; restore a backup")
        case MDB_PANIC:
            var panic = error(.ioFailure, "an earlier write failed, and LMDB goes no further; reopen the store")
            panic.advice = .reopen
            return panic
        case MDB_TXN_FULL: return error(.invalidArgument, "the batch is too large for one transaction; divide it")
        case MDB_BAD_VALSIZE: return error(.invalidKey, "the key or the value has a length LMDB does not take")
        case let number where number > 0: return .system(number, action, path)
        default: return error(.ioFailure, "look at the disk")
        }
    }

    /// What a failed commit means: nothing has changed, or nobody knows.
    ///
    /// Until the meta page is written nothing has: what was written of the commit, and what the system has forgotten of it
    /// where the sync failed, are pages that no commit has. Those of earlier commits were synced before.
    static func lmdb(commit code: Int32, _ environment: LMDBEnvironment) -> StoreError {
        if !environment.isPanicked {
            // LMDB reports a write that was cut short as an I/O error.
            let isFull = code == EIO && environment.diskIsFull
            return .lmdb(isFull ? ENOSPC : code, "commit", environment.path)
        }
        return .lmdb(unknown: code, environment)
    }

    /// A commit, or the sync of earlier ones, failed in a way that leaves open what is on the disk.
    static func lmdb(unknown code: Int32, _ environment: LMDBEnvironment) -> StoreError {
        let reason = unsafe String(cString: mdb_strerror(code))
        return StoreError(
            .outcomeUnknown,
            "LMDB could not finish a commit (\(reason)): it may or may not be on disk. Check the disk, reopen, read.",
            store: environment.path)
    }
}

/// Throws unless `code` says success.
func check(_ code: Int32, _ action: String, _ path: String) throws(StoreError) {
    if code != MDB_SUCCESS { throw .lmdb(code, action, path) }
}
