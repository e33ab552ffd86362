import KVDS
import KVDSRecords
import KVDSTesting
import Testing

@Suite("Live queries", .timeLimit(.minutes(5)))
struct LiveQueryTests {
    @Test(
        "a live query shows the records that match, and then every insertion, update and removal",
        arguments: TableStore.allCases)
    func changes(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(people)
            func person(_ id: Int, _ city: String?, age: Int = 1) -> Person {
                Person(id: id, name: "n\(id)", city: city, age: age)
            }
            try await table.put([person(1, "Oslo"), person(2, "Rome"), person(3, "Oslo")])
            var live = table.query(\.city == "Oslo").filter { $0.age < 100 }.changes().makeAsyncIterator()
            #expect(try await live.next() == .inserted(person(1, "Oslo")))
            #expect(try await live.next() == .inserted(person(3, "Oslo")))
            try await table.put(person(4, "Oslo"))
            #expect(try await live.next() == .inserted(person(4, "Oslo")))
            try await table.put(person(2, "Oslo"))
            #expect(try await live.next() == .inserted(person(2, "Oslo")))
            try await table.put(person(5, "Rome"))
            try await table.update(1) { $0.age = 2 }
            #expect(try await live.next() == .updated(from: person(1, "Oslo"), to: person(1, "Oslo", age: 2)))
            try await table.update(1) { $0.city = nil }
            #expect(try await live.next() == .removed(person(1, "Oslo", age: 2)))
            try await table.update(3) { $0.age = 100 }
            #expect(try await live.next() == .removed(person(3, "Oslo")))
            try await table.delete(4)
            #expect(try await live.next() == .removed(person(4, "Oslo")))
            try await table.put([person(6, "Oslo"), person(7, nil), person(8, "Oslo")])
            #expect(try await live.next() == .inserted(person(6, "Oslo")))
            #expect(try await live.next() == .inserted(person(8, "Oslo")))
            try await table.deleteAll()
            for id in [2, 6, 8] { #expect(try await live.next() == .removed(person(id, "Oslo"))) }
        }
    }

    @Test("a live query of a table that is not there yet waits for it", arguments: TableStore.allCases)
    func newTable(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(users)
            async let first = {
                var live = table.query(\.age > 3).changes().makeAsyncIterator()
                return try await live.next()
            }()
            let other = try await store.open(people)
            try await other.put(Person(id: 1, name: "a", age: 9))
            try await table.put(User(7))
            #expect(try await first == .inserted(User(7)))
        }
    }

    @Test("the result of a live query equals the query after random writes", arguments: TableStore.allCases)
    func model(_ kind: TableStore) async throws {
        let seed = TestSeed.next
        try await kind.with { store in
            let table = try await store.open(people)
            let live = table.query(\.age >= 10 && \.city != nil).changes()
            try await table.put(Person(id: 0, name: "0", city: "", age: 10))
            let (starts, start) = AsyncStream.makeStream(of: Void.self)
            async let result = {
                var shown: [Int: Person] = [:]
                for try await change in live {
                    start.finish()
                    switch change {
                    case .inserted(let person):
                        if person.id == 1000 { return shown }
                        #expect(shown.updateValue(person, forKey: person.id) == nil)
                    case .updated(let old, let new):
                        #expect(shown[old.id] == old)
                        shown[new.id] = new
                    case .removed(let old): #expect(shown.removeValue(forKey: old.id) == old)
                    case .reset: shown = [:]
                    }
                }
                return shown
            }()
            for await _ in starts {}
            var input = SplitMix64(seed: seed)
            for _ in 0..<200 {
                var person = Person.random(Int.random(in: 0..<20, using: &input), &input)
                person.name = "\(person.id)"
                if Bool.random(using: &input) { try await table.delete(person.id) } else { try await table.put(person) }
            }
            let expected = try await table.query(\.age >= 10 && \.city != nil).order(by: \.id).collected()
            try await table.put(Person(id: 1000, name: "end", city: "", age: 1000))
            #expect(try await result.values.sorted { $0.id < $1.id } == expected, "seed \(seed)")
        }
    }

    @Test("a live query that fell behind starts again, and one with an order is refused")
    func gap() async throws {
        let store = MemoryStore(configuration: StoreConfiguration(changeRetention: .init(maximumCommits: 4)))
        let table = try await store.open(users)
        try await table.put(User(1))
        var live = table.query(\.age > 3).changes().makeAsyncIterator()
        #expect(try await live.next() == .inserted(User(1)))
        for id in 2..<20 { try await table.put(User(id)) }
        try await table.deleteAll()
        try await table.put(User(30))
        #expect(try await live.next() == .reset)
        #expect(try await live.next() == .inserted(User(30)))
        try await table.put(User(31))
        #expect(try await live.next() == .inserted(User(31)))
        #expect(try await code { _ = try await table.query().limit(1).changes().collected() } == .invalidArgument)
        #expect(
            try await code { _ = try await table.query().order(by: \.age).changes().collected() } == .invalidArgument)
    }
}
