import Foundation
import KVDS
import KVDSRecords
import KVDSTesting
import Synchronization
import Testing

@Suite("Queries", .timeLimit(.minutes(5)))
struct QueryTests {
    /// Tables with one record type and different indexes.
    static let tables = [
        people,
        Table<Person>("people", key: \.id),
        Table<Person>("people", key: \.id) { Index("byName", \.name, order: .descending) },
        Table<Person>("people", key: \.id) {
            Index("byCity", \.city, order: .descending)
            Index("byTag", each: \.tags)
            Index("young", \.age, where: \.age < 18)
        },
        Table<Person>("people", key: \.id) {
            Index("all", \.city, \.age, \.name, order: .ascending, .descending, .ascending)
            Index("some", \.age, where: .hasPrefix(\.city, "O") || \.age > 20)
        },
    ]

    @Test("random queries answer as an array does, with every index present or absent", arguments: TableStore.allCases)
    func model(_ kind: TableStore) async throws {
        let seed = TestSeed.next
        var input = SplitMix64(seed: seed)
        var persons: [Person] = []
        for id in 0..<60 {
            var person = Person.random(id, &input)
            person.name = "n\(id * 7 % 60)"
            persons.append(person)
        }
        let queries = (0..<(takesLong ? 200 : 30)).map { _ in RandomQuery(&input) }
        for declaration in Self.tables {
            try await kind.with { store in
                let table = try await store.open(declaration)
                try await table.put(persons)
                for query in queries {
                    try await Self.check(query, table, persons, "seed \(seed): \(query.words)")
                }
            }
        }
    }

    private static func check(
        _ random: RandomQuery, _ table: OpenTable<Person>, _ persons: [Person], _ words: String
    ) async throws {
        let expected = random.answer(persons)
        let query = random.query(table)
        let found = try await query.collected()
        let plan = try await query.explain()
        if random.order.isEmpty {
            #expect(found.count == min(expected.count, random.limit ?? .max), "\(words)")
            if random.limit == nil {
                #expect(found.sorted { $0.id < $1.id } == expected, "\(words)")
            } else {
                #expect(found.allSatisfy(expected.contains), "\(words)")
            }
        } else {
            #expect(found == expected, "\(words); \(plan)")
        }
        #expect(try await query.count() == found.count, "\(words)")
        #expect(try await query.first() == found.first, "\(words)")
        let matching = persons.filter(random.matches)
        let all = table.query(random.filter)
        #expect(try await all.min(\.age) == matching.map(\.age).min(), "\(words)")
        #expect(try await all.max(\.city) == matching.compactMap(\.city).max(), "\(words)")
        if random.limit == 0 { return }
        let paged = try await pages(of: query, random.limit ?? 7)
        if random.order.isEmpty {
            #expect(paged.sorted { $0.id < $1.id } == matching, "\(words)")
        } else {
            var unlimited = random
            unlimited.limit = nil
            #expect(paged == unlimited.answer(persons), "\(words); \(plan)")
        }
    }

    /// The records of all pages, each read with the bytes of the token before.
    private static func pages(of query: Query<Person>, _ length: Int) async throws -> [Person] {
        var (records, token): ([Person], PageToken?) = ([], nil)
        repeat {
            let page = try await query.limit(length).page(after: token)
            #expect(page.records.count == length || page.next == nil)
            records += page.records
            token = page.next.map { PageToken(bytes: $0.bytes) }
        } while token != nil && records.count < 200
        return records
    }

    @Test("a page token of another query, a damaged one and one whose index is gone are refused")
    func tokens() async throws {
        let store = MemoryStore()
        let table = try await store.open(people)
        try await table.put((0..<50).map { Person(id: $0, name: "n\($0)", city: "Oslo", age: $0) })
        let query = table.query(\.city == "Oslo").limit(10)
        let token = try #require(try await query.page().next)
        #expect(try await query.page(after: token).records.map(\.id) == Array(10..<20))
        let other = table.query(\.city == "Rome").limit(10)
        #expect(try await code { _ = try await other.page(after: token) } == .invalidArgument)
        // Cut within the number of the query.
        for count in 0..<10 {
            let cut = PageToken(bytes: token.bytes.slice(0..<count))
            #expect(try await code { _ = try await query.page(after: cut) } == .invalidArgument)
        }
        #expect(try await code { _ = try await query.limit(0).page() } == .invalidArgument)
        try await table.dropIndex("byCity")
        #expect(try await code { _ = try await query.page(after: token) } == .invalidArgument)
    }

    @Test(
        "explain names the index that is used, and the engine reads no more than it says",
        arguments: TableStore.allCases)
    func explain(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(people)
            try await table.put(
                (0..<1000).map {
                    Person(id: $0, name: "n\($0)", city: $0.isMultiple(of: 100) ? "Oslo" : "Rome", age: $0 % 50)
                })
            let oslo = table.query(\.city == "Oslo").order(by: \.age)
            #expect(try await oslo.explain().access == .index("byCity"))
            #expect(try await oslo.explain().sorts == false)
            #expect(try await oslo.collected().count == 10)
            try await Self.expectReads(table, store, { $0.query(\.city == "Oslo").order(by: \.age) }, 10)
            try await Self.expectReads(table, store, { $0.query(\.name == "n7" && \.age > 3) }, 1)
            try await Self.expectReads(table, store, { $0.query(\.id == 5) }, 0)
            try await Self.expectReads(table, store, { $0.query(\.age > 3 || \.name == "n7") }, 0)
            #expect(try await table.query(\.city == "Oslo").explainCount().access == .indexOnly("byCity"))
            #expect(try await table.query(\.city == "Oslo").count() == 10)
            #expect(try await table.query(\.id == 5).explain().access == .key)
            #expect(try await table.query(10..<20 ~= \.id).explain().filters == false)
            #expect(try await table.query(\.name == "n7" && \.age > 3).explain().access == .index("byName"))
            #expect(try await table.query(\.age == 3).order(by: \.name).explain().access == .index("byAge"))
            #expect(try await table.query().order(by: \.age).order(by: \.name, .descending).explain().sorts == false)
        }
    }

    /// Checks that a query scans what it says, and gets no other records.
    ///
    /// - Parameter gets: the number of records that an index leads to.
    private static func expectReads(
        _ table: OpenTable<Person>, _ store: any KeyValueStore, _ query: (TableReader<Person>) -> Query<Person>,
        _ gets: Int
    ) async throws {
        let reader = CountingReader(store)
        let query = query(table.reader(of: reader))
        let plan = try await query.explain()
        reader.reads.withLock { $0 = .init() }
        _ = try await query.collected()
        let reads = reader.reads.withLock(\.self)
        let number: UInt8? =
            switch plan.access {
            case .scan, .key: nil
            case .index(let name), .indexOnly(let name):
                UInt8(try await table.indexes().firstIndex { $0.name == name } ?? 9) + 1
            }
        // Table 1: its records have the number 0, coded as 14, its indexes the numbers from 1, coded as 15 01 and so
        // on.
        let prefix = number.map { Bytes([0xFD, 0x15, 1, 0x15, $0]) } ?? Bytes([0xFD, 0x15, 1, 0x14])
        #expect(reads.scans.allSatisfy { $0.lowerBound.starts(with: prefix) }, "\(plan)")
        #expect(reads.scans.count == plan.ranges, "\(plan)")
        #expect(reads.gets == gets + 1, "\(plan): one more, that of the catalog")
    }
}

/// Counts what is read of a store.
private final class CountingReader: StoreReader {
    struct Reads {
        var gets = 0
        var scans: [KeyRange] = []
    }
    let reads = Mutex(Reads())
    private let store: any KeyValueStore
    var isOpen: Bool { store.isOpen }
    var description: String { store.description }
    var limits: StoreLimits { store.limits }

    init(_ store: any KeyValueStore) { self.store = store }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        reads.withLock { $0.gets += 1 }
        return try await store.get(key)
    }
    func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await get(key) != nil }
    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        reads.withLock { $0.gets += 1 }
        return try await store.withValue(for: key, body)
    }
    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        reads.withLock { $0.scans.append(range) }
        return store.entries(in: range, order: order, limit: limit)
    }
}
