import CLMDB
import KVDS
import KVDSSystem

/// The only place that translates LMDB's return codes into errors of this package.
extension StoreError {
    /// - Parameter action: the attempted action, as in "read".
    static func lmdb(_ code: Int32, _ action: String, _ path: String) -> StoreError {
        let reason = unsafe String(cString: mdb_strerror(code))
        func error(_ kind: Code, _ hint: String) -> StoreError {
            StoreError(kind, "LMDB could not \(action): \(reason); \(hint).", store: path)
        }
        switch code {
        case MDB_MAP_FULL: return error(.storeFull, "raise initialMapSize")
        case MDB_MAP_RESIZED: return error(.busy, "another process has enlarged the file; try again")
        case MDB_READERS_FULL:
            return error(.tooManySnapshots, "end scans and snapshots, or raise maximumReaders")
        case MDB_INVALID:
            return error(.foreignFormat, "the file is damaged or was not written by LMDB; choose another directory")
        case MDB_VERSION_MISMATCH: return error(.newerFormat, "the file belongs to another version of LMDB")
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL, MDB_BAD_TXN, MDB_INCOMPATIBLE:
            return error(.corrupt, "the file is damaged; restore a backup")
        case MDB_PANIC:
            var panic = error(.ioFailure, "an earlier write failed, and LMDB refuses further work; reopen the store")
            panic.advice = .reopen
            return panic
        case MDB_TXN_FULL: return error(.invalidArgument, "the batch is too large for one transaction; divide it")
        case MDB_BAD_VALSIZE: return error(.invalidKey, "LMDB does not accept the length of the key or of the value")
        case let number where number > 0: return .system(number, action, path)
        default: return error(.ioFailure, "check the disk")
        }
    }

    /// The error for a commit, or a sync of earlier commits, whose outcome on the disk is unknown.
    static func lmdb(unknown code: Int32, _ environment: LMDBEnvironment) -> StoreError {
        let reason = unsafe String(cString: mdb_strerror(code))
        return StoreError(
            .outcomeUnknown,
            "LMDB could not finish a commit (\(reason)): it may or may not be on disk. Check the disk, reopen, read.",
            store: environment.path)
    }
}

extension EngineError {
    /// - Parameter action: the attempted action, as in "read".
    static func lmdb(_ code: Int32, _ action: String, _ path: String) -> EngineError {
        code == MDB_MAP_FULL || code == MDB_MAP_RESIZED ? .mapFull : .failed(.lmdb(code, action, path))
    }

    /// The error for a failed commit: either nothing has changed, or the outcome is unknown.
    ///
    /// Nothing has changed until the meta page is written. No commit refers to the new pages yet, so it does not matter
    /// which of them were written, or lost in a failed sync. The pages of earlier commits were synced before.
    static func lmdb(commit code: Int32, _ environment: LMDBEnvironment) -> EngineError {
        if environment.isPanicked { return .failed(.lmdb(unknown: code, environment)) }
        // LMDB reports an incomplete write as an I/O error.
        let isFull = code == EIO && environment.diskIsFull
        return .lmdb(isFull ? ENOSPC : code, "commit", environment.path)
    }
}

/// Throws unless `code` is `MDB_SUCCESS`. For the calls that the store repeats after a signal.
func check(_ code: Int32, _ action: String, _ path: String) throws(EngineError) {
    if code != MDB_SUCCESS { throw .lmdb(code, action, path) }
}

/// Throws unless `code` is `MDB_SUCCESS`. For the calls that nothing repeats, such as those of opening a store.
func require(_ code: Int32, _ action: String, _ path: String) throws(StoreError) {
    if code != MDB_SUCCESS { throw .lmdb(code, action, path) }
}
