import KVDSRecords

/// The records of the tables that are compared with those of GRDB.
struct User: Codable, Equatable, Sendable {
    var id: Int
    var name: String
    var city: String
    var age: Int
    var balance: Double
    var email: String?

    /// The declaration of our table. GRDBUsers declares the same key and indexes.
    static let table = Table<User>("users", key: \.id) {
        Index("byCity", \.city, \.age)
        UniqueIndex("byName", \.name)
    }

    /// Users with the ids from 1 on, in random order.
    static func samples(_ count: Int) -> [User] {
        var text = SampleText()
        var random = SplitMix64(seed: 7)
        return (1...count).map { id in
            User(
                id: id, name: "\(text.name()) \(text.surname()) \(id)", city: text.city(), age: text.integer(18...99),
                balance: text.double(10_000), email: text.flip() ? text.address() : nil)
        }.shuffled(using: &random)
    }
}

extension Checksum {
    init(_ users: [User]) {
        self.init()
        for user in users { add(user) }
    }

    /// Adds a record with its first and its last field.
    mutating func add(_ user: User) {
        count += 1
        sum &+= UInt64(user.id + user.name.utf8.count + user.age + (user.email?.utf8.count ?? 0))
    }
}
