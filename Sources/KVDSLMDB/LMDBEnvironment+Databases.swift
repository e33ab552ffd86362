import CLMDB
import KVDS

/// The content of the files; see Documentation/Formats.md.
extension LMDBEnvironment {
    private static let entriesName = "entries"
    private static let metaName = "kvds"

    /// Opens both databases, and creates them if they are missing.
    static func openDatabases(_ environment: OpaquePointer, _ path: String) throws(StoreError) -> (MDB_dbi, MDB_dbi) {
        if let existing = try unsafe open(environment, path, create: false) { return existing }
        guard let created = try unsafe open(environment, path, create: true) else {
            throw StoreError(
                .foreignFormat, "The LMDB file was not written by this package; choose another directory.", store: path)
        }
        return created
    }

    /// - Returns: nil when the file has other content, or when it has none and `create` is false.
    private static func open(
        _ environment: OpaquePointer, _ path: String, create: Bool
    ) throws(StoreError) -> (MDB_dbi, MDB_dbi)? {
        var transaction: OpaquePointer?
        try require(
            unsafe mdb_txn_begin(environment, nil, create ? 0 : UInt32(MDB_RDONLY), &transaction), "read its format",
            path)
        var isFinished = false
        defer { if !isFinished { unsafe mdb_txn_abort(transaction) } }

        var meta: MDB_dbi = 0
        var entries: MDB_dbi = 0
        switch unsafe mdb_dbi_open(transaction, metaName, 0, &meta) {
        case MDB_SUCCESS:
            try unsafe checkFormat(transaction, meta, path)
            try require(unsafe mdb_dbi_open(transaction, entriesName, 0, &entries), "open its entries", path)
        case MDB_NOTFOUND:
            guard create, try unsafe isEmpty(transaction, path) else { return nil }
            try require(
                unsafe mdb_dbi_open(transaction, metaName, UInt32(MDB_CREATE), &meta), "make its databases", path)
            try require(
                unsafe mdb_dbi_open(transaction, entriesName, UInt32(MDB_CREATE), &entries), "make its databases", path)
            try require(
                unsafe put(StoreFormat.version, StoreFormat.versionKey, transaction, meta), "make its databases", path)
        case MDB_INCOMPATIBLE: return nil
        case let code: throw .lmdb(code, "open its databases", path)
        }
        isFinished = true
        try require(unsafe mdb_txn_commit(transaction), "make its databases", path)
        return (entries, meta)
    }

    private static func isEmpty(_ transaction: OpaquePointer?, _ path: String) throws(StoreError) -> Bool {
        var main: MDB_dbi = 0
        var statistics = MDB_stat()
        try require(unsafe mdb_dbi_open(transaction, nil, 0, &main), "open its databases", path)
        try require(unsafe mdb_stat(transaction, main, &statistics), "open its databases", path)
        return statistics.ms_entries == 0
    }

    private static func checkFormat(_ transaction: OpaquePointer?, _ meta: MDB_dbi, _ path: String) throws(StoreError) {
        guard let version = try unsafe number(StoreFormat.versionKey, transaction, meta, path) else {
            throw StoreError(
                .foreignFormat, "The LMDB file has no format version; choose another directory.", store: path)
        }
        try StoreFormat.check(version: version, path)
        try unsafe StoreFormat.check(revision: number(StoreFormat.revisionKey, transaction, meta, path), path)
    }

    /// A number in the `kvds` database, 8 bytes big-endian; nil when it was never written. LMDB never needs a larger
    /// map for this.
    static func number(
        _ key: Bytes, _ transaction: OpaquePointer?, _ meta: MDB_dbi, _ path: String
    ) throws(StoreError) -> UInt64? {
        var value = unsafe MDB_val()
        let code = unsafe key.withUnsafeBytes { key in
            var key = unsafe MDB_val(key)
            return unsafe mdb_get(transaction, meta, &key, &value)
        }
        if code == MDB_NOTFOUND { return nil }
        try require(code, "read its own data", path)
        return try unsafe StoreFormat.number(value.buffer, path)
    }

    /// Puts a number into the `kvds` database.
    ///
    /// - Returns: LMDB's return code.
    static func put(_ number: UInt64, _ key: Bytes, _ transaction: OpaquePointer?, _ meta: MDB_dbi) -> Int32 {
        var bigEndian = number.bigEndian
        return unsafe key.withUnsafeBytes { key in
            unsafe withUnsafeMutableBytes(of: &bigEndian) { number in
                var key = unsafe MDB_val(key)
                var value = unsafe MDB_val(UnsafeRawBufferPointer(number))
                return unsafe mdb_put(transaction, meta, &key, &value, 0)
            }
        }
    }
}

extension MDB_val {
    /// LMDB reads through the pointer and never writes.
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// The bytes that LMDB returned, valid until the transaction ends or writes.
    var buffer: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: mv_data, count: mv_size) }
}
