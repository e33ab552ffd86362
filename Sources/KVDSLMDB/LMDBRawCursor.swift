import CLMDB
import KVDS

/// The owner of an `MDB_cursor`, for the duration of one call.
@safe
final class LMDBRawCursor {
    /// An entry in the map, valid until the transaction ends or writes.
    @unsafe
    struct Found {
        let key: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer

        /// The page of the map that holds the key.
        func page(of size: Int) -> UnsafeRawPointer? {
            unsafe UnsafeRawPointer(bitPattern: UInt(bitPattern: key.baseAddress) & ~UInt(size - 1))
        }

        func isBefore(_ bound: Bytes) -> Bool {
            unsafe bound.withUnsafeBytes { unsafe compareBytes(key, $0) < 0 }
        }
    }

    /// The maximum length of a key in LMDB, and so of a key that it can search for.
    static let maximumKeyLength = 511

    private let cursor: OpaquePointer
    private let path: String

    init(_ transaction: OpaquePointer, _ environment: LMDBEnvironment) throws(EngineError) {
        var cursor: OpaquePointer?
        path = environment.path
        try check(unsafe mdb_cursor_open(transaction, environment.entries, &cursor), "begin a scan", path)
        guard let cursor = unsafe cursor else { throw .lmdb(MDB_BAD_TXN, "begin a scan", path) }
        unsafe self.cursor = cursor
    }

    deinit { unsafe mdb_cursor_close(cursor) }

    /// The first entry of `range` in `order`, or an entry outside it if the range has none.
    func start(_ range: KeyRange, _ order: ScanOrder) throws(EngineError) -> Found? {
        switch order {
        case .forward: return try unsafe seek(range.lowerBound)
        case .reverse:
            guard let upperBound = range.upperBound else { return try unsafe step(MDB_LAST) }
            return try unsafe seek(upperBound) == nil ? step(MDB_LAST) : step(MDB_PREV)
        }
    }

    /// The first entry whose key is not less than `bound`, which may be longer than any key.
    func seek(_ bound: Bytes) throws(EngineError) -> Found? {
        if bound.isEmpty { return try unsafe step(MDB_FIRST) }
        let searched = bound.count > Self.maximumKeyLength ? bound.slice(0..<Self.maximumKeyLength) : bound
        var found = try unsafe searched.withUnsafeBytes { bytes throws(EngineError) in
            try unsafe step(MDB_SET_RANGE, from: MDB_val(bytes))
        }
        // A truncated bound can find a key that sorts before the full bound; skip it.
        while let entry = unsafe found, unsafe entry.isBefore(bound) {
            unsafe found = try unsafe step(MDB_NEXT)
        }
        return unsafe found
    }

    /// Moves the cursor and returns the entry there; nil at the end.
    func step(_ operation: MDB_cursor_op, from key: MDB_val = unsafe MDB_val()) throws(EngineError) -> Found? {
        var key = unsafe key
        var value = unsafe MDB_val()
        let code = unsafe mdb_cursor_get(cursor, &key, &value, operation)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "scan", path)
        return unsafe Found(key: key.buffer, value: value.buffer)
    }

    /// Deletes the current entry. A step forward then finds the entry after it.
    func delete() throws(EngineError) {
        try check(unsafe mdb_cursor_del(cursor, 0), "delete", path)
    }
}
