import Foundation
import KVDS
import KVDSRecords
import KVDSTesting
import Testing

@Suite("Tables", .timeLimit(.minutes(5)))
struct TableTests {
    @Test("a record that was put is returned, replaced and deleted by its key", arguments: TableStore.allCases)
    func basics(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            #expect(try await table.get(1) == nil)
            #expect(try await table.delete(1) == false)
            #expect(try await table.records().collected().isEmpty)
            try await table.put(User(1))
            #expect(try await table.get(1) == User(1))
            try await table.put(User(1, name: "bob"))
            #expect(try await table.get(1)?.name == "bob")
            #expect(try await table.contains(1))
            #expect(try await table.contains(2) == false)
            #expect(try await table.count() == 1)
            #expect(try await table.delete(1))
            #expect(try await table.get(1) == nil)
            #expect(try await table.count() == 0)
        }
    }

    @Test(
        "insert fails on a key that exists, and of several records none is inserted then",
        arguments: TableStore.allCases)
    func insert(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            try await table.insert(User(2))
            #expect(try await code { try await table.insert(User(2, name: "bob")) } == .alreadyExists)
            #expect(try await code { try await table.insert([User(1), User(2), User(3)]) } == .alreadyExists)
            #expect(try await code { try await table.insert([User(4), User(4)]) } == .alreadyExists)
            #expect(try await table.records().collected() == [User(2)])
            try await table.insert([User(3), User(1)])
            #expect(try await table.records().collected() == [User(1), User(2), User(3)])
        }
    }

    @Test("concurrent updates of one record are all made", arguments: TableStore.allCases)
    func update(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            try await table.put(User(1))
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<25 { try await table.update(1) { $0.age += 1 } } }
                }
                try await group.waitForAll()
            }
            #expect(try await table.get(1)?.age == 36 + 200)
            #expect(try await code { try await table.update(9) { $0.age = 1 } } == .notFound)
            #expect(try await code { try await table.update(1) { $0.id = 2 } } == .invalidArgument)
            #expect(try await table.count() == 1)
        }
    }

    struct Visit: Codable, Equatable, Sendable {
        var country: String
        var number: Int
        var day: UUID?
    }

    @Test("records are streamed in the order of their keys, all or those with a prefix", arguments: TableStore.allCases)
    func order(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await store.set("fruit", to: "apple")
            try await store.set(Bytes([0xFF]), to: "last")
            let visits = Table<Visit>("visits", key: \.country, \.number)
            let table = try await store.open(visits)
            let others = try await store.open(users)
            try await others.put((0..<10).map { User($0) })
            let numbers = [-300, -1, 0, 1, 255, 256, 70_000]
            let all = ["", "no", "no\0", "se"].flatMap { country in
                numbers.map { Visit(country: country, number: $0, day: nil) }
            }
            var random = SplitMix64(seed: 5)
            try await table.put(all.shuffled(using: &random))
            #expect(try await table.records().collected() == all)
            #expect(try await table.records(order: .reverse).collected() == all.reversed())
            #expect(try await table.records(limit: 3).collected() == Array(all.prefix(3)))
            let norway = try await table.records(prefix: Tuple("no")).collected()
            #expect(norway == all.filter { $0.country == "no" })
            #expect(try await table.get("se", 256) == Visit(country: "se", number: 256, day: nil))
            try await table.deleteAll()
            #expect(try await table.count() == 0)
            #expect(try await others.count() == 10)
            #expect(try await store.get("fruit") == "apple")
        }
    }

    struct Reading: Codable, Equatable, Sendable {
        var time: Double
        var value: Int
    }

    @Test("0.0 and -0.0 are one key, and writing nothing writes nothing", arguments: TableStore.allCases)
    func zeros(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(Table<Reading>("readings", key: \.time))
            try await table.put([])
            try await table.insert([])
            try await table.delete(keys: [Tuple(1.0)])
            #expect(try await store.entries().collected().isEmpty)
            #expect(try await code { _ = try await table.get("x") } == .invalidKey)
            try await table.put(Reading(time: -0.0, value: 1))
            try await table.update(-0.0) { $0.value = 2 }
            try await table.put(Reading(time: 0.0, value: 3))
            #expect(try await table.records().collected() == [Reading(time: 0, value: 3)])
            var iterator = table.records().makeAsyncIterator()
            #expect(try await iterator.next() != nil)
            #expect(try await iterator.next() == nil)
            #expect(try await iterator.next() == nil)
        }
    }

    @Test("a batch with a deletion or a record that cannot be encoded treats a new table rightly")
    func newTableInBatch() async throws {
        let store = MemoryStore()
        let table = try await store.open(users)
        var batch = WriteBatch()
        try await table.delete(1, in: &batch)
        try await table.put(User(1))
        #expect(try await store.commit(batch).isCommitted)
        #expect(try await table.get(1) == nil)
    }

    @Test("a table of a store that was emptied is registered again by its next write", arguments: TableStore.allCases)
    func emptied(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            try await table.put(User(1))
            try await store.delete(in: .all)
            try await table.put(User(2))
            #expect(try await table.records().collected() == [User(2)])
            #expect(try await store.open(users).get(2) == User(2))
        }
    }

    @Test("several records are read, deleted and streamed by their keys", arguments: TableStore.allCases)
    func bulk(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            #expect(try await table.get(keys: [Tuple(1), Tuple(2)]) == [nil, nil])
            try await table.put((0..<10).map { User($0) })
            #expect(try await table.get(keys: [Tuple(3), Tuple(-1), Tuple(0)]) == [User(3), nil, User(0)])
            #expect(try await code { _ = try await table.get(keys: [Tuple("3")]) } == .invalidKey)
            try await table.delete(keys: [Tuple(3), Tuple(99), Tuple(5)])
            #expect(try await table.records(in: Tuple(2)..<Tuple(7)).collected().map(\.id) == [2, 4, 6])
            let last = try await table.records(in: Tuple(2)..<Tuple(7), order: .reverse, limit: 1).collected()
            #expect(last == [User(6)])
            try await store.withSnapshot { snapshot in
                try await table.deleteAll()
                #expect(try await table.reader(of: snapshot).get(keys: [Tuple(4)]) == [User(4)])
            }
        }
    }

    @Test("a key with other kinds of elements throws .invalidKey", arguments: TableStore.allCases)
    func otherKinds(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            try await table.put(User(1))
            #expect(try await code { _ = try await table.get("1") } == .invalidKey)
            #expect(try await code { _ = try await table.get(1, 2) } == .invalidKey)
            #expect(try await code { try await table.delete(1.0) } == .invalidKey)
        }
    }

    @Test("several tables change in one batch, and new tables get numbers of their own", arguments: TableStore.allCases)
    func batch(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            let visits = try await store.open(Table<Visit>("visits", key: \.country, \.number))
            var batch = WriteBatch()
            try await table.put(User(1), in: &batch)
            try await visits.insert(Visit(country: "no", number: 1, day: UUID()), in: &batch)
            #expect(try await store.commit(batch).isCommitted)
            #expect(try await table.records().collected() == [User(1)])
            #expect(try await visits.count() == 1)
            batch = WriteBatch()
            try await visits.insert(Visit(country: "no", number: 1, day: nil), in: &batch)
            try await table.delete(1, in: &batch)
            #expect(try await store.commit(batch).isCommitted == false)
            #expect(try await table.count() == 1)
        }
    }

    @Test("a table reads the state of a snapshot", arguments: TableStore.allCases)
    func snapshot(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            let before = try await store.snapshot()
            try await table.put(User(1))
            let after = try await store.snapshot()
            try await table.put([User(1, name: "bob"), User(2)])
            #expect(try await table.reader(of: before).get(1) == nil)
            #expect(try await table.reader(of: before).count() == 0)
            #expect(try await table.reader(of: after).records().collected() == [User(1)])
            #expect(try await table.count() == 2)
        }
    }
}
