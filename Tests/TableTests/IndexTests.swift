import Foundation
import KVDS
import KVDSRecords
import KVDSTesting
import Testing

struct Person: Codable, Equatable, Sendable {
    var id: Int
    var name: String
    var city: String?
    var age: Int
    var tags: [String] = []
}

/// A table of people with an index of every kind.
let people = Table<Person>("people", key: \.id) {
    Index("byCity", \.city, \.age)
    Index("byAge", \.age, \.name, order: .descending, .ascending)
    Index("byTag", each: \.tags, \.age)
    Index("adults", \.name, where: \.age >= 18)
    UniqueIndex("byName", \.name)
}

extension Person {
    static func random(_ id: Int, _ input: inout SplitMix64) -> Person {
        Person(
            id: id, name: "n\(Int.random(in: 0..<10_000, using: &input))",
            city: [nil, "Oslo", "Rome", "O", ""].randomElement(using: &input) ?? nil,
            age: Int.random(in: -2..<40, using: &input),
            tags: (0..<Int.random(in: 0..<3, using: &input)).map { _ in ["a", "b", "c\0"].randomElement(using: &input)!
            })
    }
}

@Suite("Indexes", .timeLimit(.minutes(5)))
struct IndexTests {
    @Test(
        "every index equals a rebuild after random writes, transactions and range deletions of 8 tasks",
        arguments: TableStore.allCases)
    func model(_ kind: TableStore) async throws {
        let seed = TestSeed.next
        try await kind.with { store in
            let table = try await store.open(people)
            let other = try await store.open(people)
            try await withThrowingTaskGroup { group in
                for task in 0..<8 {
                    let table = task.isMultiple(of: 2) ? table : other
                    group.addTask {
                        var input = SplitMix64(seed: seed &+ UInt64(task))
                        for _ in 0..<60 { try await Self.write(table, store, &input) }
                    }
                }
                try await group.waitForAll()
            }
            let result = try await table.verifyIndexes()
            #expect(result.isCorrect, "seed \(seed): \(result)")
            #expect(result.records > 0)
            #expect(result.entries >= result.records * 3)
            #expect(try await table.count() == result.records)
            try await table.deleteAll()
            #expect(try await table.verifyIndexes().entries == 0)
        }
    }

    /// Makes a random change.
    private static func write(
        _ table: OpenTable<Person>, _ store: any KeyValueStore, _ input: inout SplitMix64
    ) async throws {
        let ids = (0..<3).map { _ in Int.random(in: 0..<40, using: &input) }
        let persons = ids.map { Person.random($0, &input) }
        do {
            switch Int.random(in: 0..<9, using: &input) {
            case 0, 1: try await table.put(persons[0])
            case 2: try await table.put(persons)
            case 3: try await table.insert(persons[0])
            case 4: try await table.update(ids[0]) { ($0.age, $0.city) = ($0.age + 1, "Rome") }
            case 5: try await table.delete(ids[0])
            case 6: try await table.delete(in: Tuple(ids[0])..<Tuple(ids[0] + 2))
            case 7:
                try await store.withTransaction { tx in
                    try await tx[table].put(persons[0])
                    try await tx[table].delete(ids[1])
                    if try await tx[table].contains(ids[2]) { try await tx[table].update(ids[2]) { $0.tags = ["b"] } }
                }
            default:
                var batch = WriteBatch()
                try await table.put(persons[0], in: &batch)
                try await table.put(persons[1], in: &batch)
                try await table.delete(ids[2], in: &batch)
                try await store.commit(batch)
            }
        } catch let error as StoreError where error.code == .alreadyExists || error.code == .notFound {}
    }

    @Test("among 64 racing tasks a unique index has one winner", arguments: TableStore.allCases)
    func race(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(people)
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for id in 0..<64 {
                    group.addTask {
                        let person = Person(id: id, name: "ada", city: nil, age: id)
                        do {
                            switch id % 4 {
                            case 0: try await table.put(person)
                            case 1: try await table.insert(person)
                            case 2: try await store.withTransaction { tx in try await tx[table].put(person) }
                            default:
                                var batch = WriteBatch()
                                try await table.put(person, in: &batch)
                                return try await store.commit(batch).isCommitted
                            }
                            return true
                        } catch let error as StoreError where error.code == .alreadyExists { return false }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
            #expect(try await table.count() == 1)
            #expect(try await table.verifyIndexes().isCorrect)
        }
    }

    @Test("one commit may pass a unique value from one record to another", arguments: TableStore.allCases)
    func passedOn(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(people)
            let (a, b) = (Person(id: 1, name: "a", age: 1), Person(id: 2, name: "b", age: 2))
            try await table.put([a, b])
            try await table.put([Person(id: 1, name: "b", age: 1), Person(id: 2, name: "a", age: 2)])
            #expect(try await table.query(\.name == "b").first()?.id == 1)
            #expect(
                try await code {
                    try await table.put([Person(id: 3, name: "c", age: 1), Person(id: 4, name: "c", age: 1)])
                } == .alreadyExists)
            #expect(try await table.count() == 2)
            var batch = WriteBatch()
            try await table.delete(1, in: &batch)
            try await table.put(Person(id: 5, name: "b", age: 1), in: &batch)
            #expect(try await store.commit(batch).isCommitted)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await table.query(\.name == "b").first()?.id == 5)
        }
    }

    @Test("nil is not unique", arguments: TableStore.allCases)
    func nilIsNotUnique(_ kind: TableStore) async throws {
        let table = Table<User>("users", key: \.id) { UniqueIndex("byCity", \.city, \.name) }
        try await kind.with { store in
            let users = try await store.open(table)
            try await users.put((0..<5).map { User(id: $0, name: "x", city: nil, age: 1) })
            #expect(try await users.count() == 5)
            try await users.put(User(id: 6, name: "x", city: "", age: 1))
            #expect(try await code { try await users.put(User(id: 7, name: "x", city: "", age: 1)) } == .alreadyExists)
            #expect(try await users.verifyIndexes().isCorrect)
        }
    }

    @Test("verify finds and repairs entries that are missing or extra", arguments: TableStore.allCases)
    func verify(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(people)
            try await table.put((0..<20).map { Person(id: $0, name: "n\($0)", city: "Oslo", age: $0, tags: ["a"]) })
            // Records and entries as another program would damage them.
            try await store.delete(
                in: KeyRange(from: Bytes([0xFD, 0x15, 1, 0x15, 1]), to: Bytes([0xFD, 0x15, 1, 0xFF])))
            let damaged = try await table.verifyIndexes()
            #expect(!damaged.isCorrect)
            #expect(damaged.missing > 0)
            let repaired = try await table.verifyIndexes(repairing: true)
            #expect(repaired.repaired == damaged.missing + damaged.extra)
            #expect(try await table.verifyIndexes().isCorrect)
            var records: [Entry] = []
            for try await entry in store.entries(prefix: Bytes([0xFD, 0x15, 1, 0x14])) { records.append(entry) }
            for entry in records.prefix(5) { try await store.delete(entry.key) }
            let extra = try await table.verifyIndexes(repairing: true)
            #expect(extra.extra > 0 && extra.repaired == extra.extra)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await table.count() == 15)
        }
    }
}
