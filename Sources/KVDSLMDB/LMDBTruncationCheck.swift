import CLMDB
import KVDS

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Looks whether the data file is as long as its meta page says, before anything in it is read: beyond its end the map
/// kills the process, and where zeros are LMDB may stop it.
///
/// A sound file can be shorter: pages that were allocated and given up in one transaction are never written. All that is
/// missing is then in the list of free pages, and the file is made as long as it should be. Otherwise it was cut off.
///
/// `@safe` because it is used only while its maker keeps the environment open.
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

    /// - Throws: `.corrupt` when the file was cut off; it is left as it was.
    func check() throws(StoreError) {
        if try length() >= needed() { return }
        // Under the lock of writers, so that none makes the file longer meanwhile.
        turns.lockWriter()
        defer { turns.unlockWriter() }
        var writer: OpaquePointer?
        try KVDSLMDB.check(unsafe mdb_txn_begin(environment, nil, 0, &writer), "look at its length", path)
        defer { unsafe mdb_txn_abort(writer) }
        let length = try length()
        let needed = try needed()
        if length >= needed { return }
        try setLength(needed)
        if try areFree(from: length / pageSize, to: needed / pageSize) { return }
        try setLength(length)
        throw StoreError(
            .corrupt, "The file was cut off, it has \(length) of \(needed) bytes; restore a backup.", store: path)
    }

    private var pageSize: Int {
        var statistics = MDB_stat()
        unsafe mdb_env_stat(environment, &statistics)
        return Int(statistics.ms_psize)
    }

    /// How long the file should be, as its meta page has it; that is never more than the map.
    private func needed() throws(StoreError) -> Int {
        var info = unsafe MDB_envinfo()
        unsafe mdb_env_info(environment, &info)
        let last = unsafe info.me_last_pgno
        let (length, overflow) = (last &+ 1).multipliedReportingOverflow(by: pageSize)
        let mapSize = unsafe info.me_mapsize
        if last < 0 || overflow || length > mapSize {
            throw StoreError(.corrupt, "The file does not know its own length; restore a backup.", store: path)
        }
        return length
    }

    private func length() throws(StoreError) -> Int {
        var status = stat()
        guard unsafe stat(file, &status) == 0 else { throw .system(errno, "look at", file) }
        return Int(status.st_size)
    }

    private func setLength(_ length: Int) throws(StoreError) {
        if unsafe truncate(file, off_t(length)) != 0 { throw .system(errno, "lengthen", file) }
    }

    /// Whether all these pages are in LMDB's list of free pages: its database 0, whose values are a count and that many
    /// page numbers.
    private func areFree(from first: Int, to end: Int) throws(StoreError) -> Bool {
        var reader: OpaquePointer?
        let code = turns.withReaderTableLock { unsafe mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &reader) }
        try KVDSLMDB.check(code, "look at its length", path)
        defer { unsafe mdb_txn_abort(reader) }
        var cursor: OpaquePointer?
        try KVDSLMDB.check(unsafe mdb_cursor_open(reader, 0, &cursor), "look at its length", path)
        defer { unsafe mdb_cursor_close(cursor) }
        // What is damaged may name any number: only what is in the list is counted.
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
