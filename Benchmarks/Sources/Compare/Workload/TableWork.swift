import KVDS
import KVDSRecords

/// Reads and writes of a table in the way that users write them.
enum TableWork {
    static func get(_ ids: [Int], from table: OpenTable<User>) async throws -> Checksum {
        var found = Checksum()
        for id in ids {
            if let user = try await table.get(id) { found.add(user) }
        }
        return found
    }

    static func scan(_ table: OpenTable<User>) async throws -> Checksum {
        var found = Checksum()
        for try await user in table.records() { found.add(user) }
        return found
    }

    /// Reads the youngest users of each city, in the order of their ages, and then of their ids.
    static func youngest(_ limit: Int, in cities: [String], of table: OpenTable<User>) async throws -> [User] {
        var users: [User] = []
        for city in cities {
            for try await user in table.query(\.city == city).order(by: \.age).limit(limit) { users.append(user) }
        }
        return users
    }

    /// Inserts the users, `size` of them in each commit.
    static func insert(_ users: [User], into table: OpenTable<User>, by size: Int = 1_000) async throws {
        for start in stride(from: 0, to: users.count, by: size) {
            try await table.insert(users[start..<min(start + size, users.count)])
        }
    }
}
