import GRDB

/// A table of users in SQLite, used as the documentation of GRDB describes: Codable records, a pool of connections in
/// WAL mode, and statements that each connection prepares once.
///
/// As in ``GRDBTable``, SQLite maps the file into memory, and syncs the log with every commit.
struct GRDBUsers: Sendable {
    private let pool: DatabasePool

    init(path: String) throws {
        pool = try GRDBTable.pool(path: path)
        try pool.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    CREATE TABLE users (
                        id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, age INTEGER NOT NULL,
                        balance REAL NOT NULL, email TEXT
                    );
                    CREATE INDEX byCity ON users (city, age);
                    CREATE UNIQUE INDEX byName ON users (name);
                    """)
        }
    }

    /// Reads each user in its own transaction.
    func getEach(_ ids: [Int]) async throws -> Checksum {
        var found = Checksum()
        for id in ids {
            if let user = try await pool.read({ try User.with(id, in: $0) }) { found.add(user) }
        }
        return found
    }

    /// Reads all users in one transaction.
    func get(_ ids: [Int]) async throws -> Checksum {
        try await pool.read { db in
            var found = Checksum()
            for id in ids {
                if let user = try User.with(id, in: db) { found.add(user) }
            }
            return found
        }
    }

    /// Reads all users in the order of their ids, one row at a time.
    func scan() async throws -> Checksum {
        try await pool.read { db in
            let users = try User.fetchCursor(db.cachedStatement(sql: "SELECT * FROM users ORDER BY id"))
            var found = Checksum()
            while let user = try users.next() { found.add(user) }
            return found
        }
    }

    /// Reads the youngest users of each city, in the order of their ages, and then of their ids.
    func youngest(_ limit: Int, in cities: [String]) async throws -> [User] {
        var users: [User] = []
        for city in cities {
            users += try await pool.read { db in
                try User.fetchAll(
                    db.cachedStatement(sql: "SELECT * FROM users WHERE city = ? ORDER BY age, id LIMIT ?"),
                    arguments: [city, limit])
            }
        }
        return users
    }

    /// Inserts the users, `size` of them in each transaction.
    func insert(_ users: [User], by size: Int = 1_000) async throws {
        for start in stride(from: 0, to: users.count, by: size) {
            try await pool.write { db in
                for user in users[start..<min(start + size, users.count)] { try user.insert(db) }
            }
        }
    }

    /// Moves what the log contains into the file.
    func checkpoint() async throws {
        _ = try await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    func close() throws { try pool.close() }
}

extension User: FetchableRecord, PersistableRecord {
    static var databaseTableName: String { "users" }

    fileprivate static func with(_ id: Int, in db: Database) throws -> User? {
        try fetchOne(db.cachedStatement(sql: "SELECT * FROM users WHERE id = ?"), arguments: [id])
    }
}
