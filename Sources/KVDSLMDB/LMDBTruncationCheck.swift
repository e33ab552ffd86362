import CLMDB
import KVDS
import KVDSSystem

/// Checks that the data file is as long as its meta page requires, before anything in it is read. Access to the map
/// beyond the end of the file kills the process, and pages of zeros can make LMDB abort.
///
/// An undamaged file can be shorter: pages that were allocated and freed in one transaction are never written. In that
/// case all missing pages are in the list of free pages, and the file is extended to its full length. Otherwise it was
/// truncated.
///
/// `@safe` because it is used only while its creator keeps the environment open.
@safe
struct LMDBTruncationCheck {
    private let environment: OpaquePointer
    private let path: String
    private let turns: LMDBFileLocks
    private var file: String { "\(path)/data.mdb" }

    init(_ environment: OpaquePointer, _ path: String, _ turns: LMDBFileLocks) {
        unsafe self.environment = environment
        self.turns = turns
        self.path = path
    }

    /// - Throws: `.corrupt` when the file was truncated; the file stays unchanged.
    func check() throws(StoreError) {
        if try length() >= needed() { return }
        // Under the writer lock, so that no writer extends the file meanwhile.
        turns.lockWriter()
        defer { turns.unlockWriter() }
        var writer: OpaquePointer?
        try require(unsafe mdb_txn_begin(environment, nil, 0, &writer), "check its length", path)
        defer { unsafe mdb_txn_abort(writer) }
        let length = try length()
        let needed = try needed()
        if length >= needed { return }
        try setLength(needed)
        if try areFree(from: length / pageSize, to: needed / pageSize) { return }
        try setLength(length)
        throw StoreError(
            .corrupt, "The file was truncated to \(length) of \(needed) bytes; restore a backup.", store: path)
    }

    private var pageSize: Int {
        var statistics = MDB_stat()
        unsafe mdb_env_stat(environment, &statistics)
        return Int(statistics.ms_psize)
    }

    /// The length that the meta page requires. It never exceeds the size of the map.
    private func needed() throws(StoreError) -> Int {
        var info = unsafe MDB_envinfo()
        unsafe mdb_env_info(environment, &info)
        let last = unsafe info.me_last_pgno
        let (length, overflow) = (last &+ 1).multipliedReportingOverflow(by: pageSize)
        let mapSize = unsafe info.me_mapsize
        if last < 0 || overflow || length > mapSize {
            throw StoreError(.corrupt, "The file length in the meta page is invalid; restore a backup.", store: path)
        }
        return length
    }

    private func length() throws(StoreError) -> Int {
        var status = stat()
        guard unsafe stat(file, &status) == 0 else { throw .system(errno, "read the length of", file) }
        return Int(status.st_size)
    }

    private func setLength(_ length: Int) throws(StoreError) {
        if unsafe truncate(file, off_t(length)) != 0 { throw .system(errno, "set the length of", file) }
    }

    /// Whether LMDB's list of free pages contains all these pages. The list is its database 0; each value is a count
    /// and that many page numbers.
    private func areFree(from first: Int, to end: Int) throws(StoreError) -> Bool {
        var reader: OpaquePointer?
        let code = turns.withReaderTableLock { unsafe mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &reader) }
        try require(code, "check its length", path)
        defer { unsafe mdb_txn_abort(reader) }
        var cursor: OpaquePointer?
        try require(unsafe mdb_cursor_open(reader, 0, &cursor), "check its length", path)
        defer { unsafe mdb_cursor_close(cursor) }
        // A damaged list may contain any numbers, so only those in the range are counted.
        var free: Set<Int> = []
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        while unsafe mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS {
            let numbers = unsafe value.buffer
            for offset in stride(from: 8, through: numbers.count - 8, by: 8) {
                let number = unsafe numbers.loadUnaligned(fromByteOffset: offset, as: Int.self)
                if first <= number, number < end { free.insert(number) }
            }
        }
        return free.count == end - first
    }
}
