import Foundation
import GRDB

/// An SQLite table of keys and values, used in the way that is common with GRDB: a pool of connections in WAL mode,
/// statements that each connection prepares once, and async calls.
///
/// SQLite may map the whole file into memory, like LMDB. GRDB does not do that by default; it makes the reads as fast
/// as possible.
struct GRDBTable: Sendable {
    private let pool: DatabasePool

    init(path: String) throws {
        pool = try GRDBTable.pool(path: path)
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TABLE entries (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        }
    }

    /// A pool of connections to a new file, as fast and as durable as our stores.
    static func pool(path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA mmap_size = \(4 << 30)") }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // The pool lowers this setting when it opens. FULL syncs the log with every commit, like our durable commits.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    func get(_ key: Data) async throws -> Data? {
        try await pool.read { db in
            try Data.fetchOne(
                db.cachedStatement(sql: "SELECT value FROM entries WHERE key = ?"), arguments: [key])
        }
    }

    /// Reads the values of many keys in one transaction.
    func get(_ keys: [Data]) async throws -> Checksum {
        try await pool.read { db in
            let statement = try db.cachedStatement(sql: "SELECT value FROM entries WHERE key = ?")
            var found = Checksum()
            for key in keys {
                if let value = try Data.fetchOne(statement, arguments: [key]) { found.add(value) }
            }
            return found
        }
    }

    /// Reads every entry, one row at a time. Copying the values is faster here than borrowing them with
    /// `withUnsafeData`.
    func scan() async throws -> Checksum {
        try await pool.read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: "SELECT key, value FROM entries ORDER BY key"))
            var found = Checksum()
            while let row = try rows.next() {
                let (key, value): (Data, Data) = (row[0], row[1])
                found.sum += UInt64(key.count)
                found.add(value)
            }
            return found
        }
    }

    /// Reads up to `limit` entries from `key` on, and returns their number.
    func count(from key: Data, limit: Int) async throws -> Int {
        try await pool.read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: "SELECT key, value FROM entries WHERE key >= ? ORDER BY key LIMIT ?"),
                arguments: [key, limit])
            var found = Checksum()
            while let row = try rows.next() { found.add(row[1] as Data) }
            return Int(found.count)
        }
    }

    /// Reads the value of a key and replaces it, in one transaction.
    func replace(_ key: Data, by value: Data) async throws {
        try await pool.write { db in
            _ = try Data.fetchOne(
                db.cachedStatement(sql: "SELECT value FROM entries WHERE key = ?"), arguments: [key])
            try GRDBTable.set(key, to: value, in: db)
        }
    }

    func set(_ key: Data, to value: Data) async throws {
        try await pool.write { try GRDBTable.set(key, to: value, in: $0) }
    }

    /// Inserts the rows in transactions of `size` rows, and checkpoints the log.
    func load(_ rows: GRDBRows, by size: Int = 10_000) async throws {
        for start in stride(from: 0, to: rows.keys.count, by: size) {
            try await pool.write { db in
                for index in start..<min(start + size, rows.keys.count) {
                    try GRDBTable.set(rows.keys[index], to: rows.values[index], in: db)
                }
            }
        }
        _ = try await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    func close() throws { try pool.close() }

    private static func set(_ key: Data, to value: Data, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO entries VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
        )
        .execute(arguments: [key, value])
    }
}
