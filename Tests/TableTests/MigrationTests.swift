import KVDS
import KVDSRecords
import KVDSTesting
import TestSupport
import Testing

@Suite("Migrations of records", .timeLimit(.minutes(5)))
struct MigrationTests {
    private let ada = OldMember(id: 1, name: "Ada King", age: "36")
    private let newAda = Member(id: 1, first: "Ada", last: "King", age: 36)

    @Test("a change that opening refuses is accepted with a migration", arguments: TableStore.allCases)
    func accepted(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await store.open(oldMembers).put(ada)
            let entries = try await store.entries().collected()
            let plain = Table<Member>("members", key: \.id)
            #expect(try await code { _ = try await store.open(plain) } == .incompatibleSchema)
            // A migration for a version that the store does not have changes nothing.
            struct Other: Codable, Sendable { var id: Int; var name: Int }
            let other = Table<Member>("members", key: \.id) {
                Migration(from: Other.self) { Member(id: $0.id, first: "", last: "", age: 0) }
            }
            #expect(try await code { _ = try await store.open(other) } == .incompatibleSchema)
            let table = try await store.open(members, building: .never)
            #expect(try await table.get(1) == newAda)
            #expect(try await store.entries().collected() == entries)
            let both = Table<Member>("members", key: \.id) {
                Migration(from: Other.self) { Member(id: $0.id, first: "", last: "", age: 0) }
                Migration(from: OldMember.self) { try Member($0) }
            }
            #expect(try await store.open(both).get(1) == newAda)
        }
    }

    @Test("every kind of read of a record that is not migrated yields the migrated one", arguments: TableStore.allCases)
    func lazily(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(oldMembers)
            try await old.put([ada] + OldMember.some(2..<10))
            let table = try await store.open(members)
            try await table.put(Member(id: 11, first: "New", last: "One", age: 36))
            #expect(try await table.get(1) == newAda)
            #expect(try await table.get(keys: [Tuple(1), Tuple(99)]) == [newAda, nil])
            #expect(try await table.records(limit: 1).collected() == [newAda])
            #expect(try await table.records().collected().map(\.id) == Array(1...9) + [11])
            #expect(try await table.query(\.first == "Ada").collected() == [newAda])
            #expect(try await table.query(\.age == 36).collected().map(\.id) == [1, 11])
            #expect(try await table.query(\.age == 36).count() == 2)
            #expect(try await table.query().order(by: \.age, .descending).limit(1).collected().map(\.age) == [36])
            #expect(try await table.query().filter { $0.last == "King" }.first() == newAda)
            let snapshot = try await store.snapshot()
            #expect(try await table.reader(of: snapshot).get(1) == newAda)
            snapshot.close()
            try await store.withTransaction { tx in
                #expect(try await tx[table].get(1) == newAda)
                #expect(try await tx[table].query(\.last == "King").collected() == [newAda])
                try await tx[table].update(2) { $0.age += 1 }
            }
            #expect(try await table.get(2)?.age == 3)
            #expect(try await table.update(1) { $0.age = 37 }.last == "King")
            #expect(try await table.get(1)?.age == 37)
            // The older program sees a record of a type that it does not know.
            #expect(try await code { _ = try await old.get(1) } == .incompatibleSchema)
            #expect(try await old.get(3)?.age == "3")
            #expect(try await table.verifyIndexes().isCorrect)
        }
    }

    @Test(
        "an eager migration rewrites all records of the older type, and says when it is done",
        arguments: TableStore.allCases)
    func eagerly(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await store.open(oldMembers).put(OldMember.some(0..<700))
            let counting = CountingStore(base: store)
            let table = try await counting.open(members, building: .never)
            try await table.put(Member(id: 700, first: "a", last: "b", age: 1))
            let before = counting.commits.value
            let result = try await table.migrate()
            #expect(result.isComplete && result.records == 700)
            // One commit that begins, and three of at most 256 records, the last of which ends it.
            #expect(counting.commits.value - before == 4)
            let again = try await table.migrate()
            #expect(again.isComplete && again.records == 0)
            #expect(counting.commits.value - before == 4)
            var expected = try OldMember.some(0..<700).map { try Member($0) }
            expected.append(Member(id: 700, first: "a", last: "b", age: 1))
            #expect(try await table.records().collected() == expected)
            // Without the migration nothing can be decoded that was not rewritten.
            let plain = try await store.open(Table<Member>("members", key: \.id))
            #expect(try await plain.records().collected().count == 701)
            #expect(try await store.open(Table<Member>("new", key: \.id)).migrate().isComplete)
        }
    }

    @Test(
        "all older versions are rewritten on request, also those that need no migration", arguments: TableStore.allCases
    )
    func all(_ kind: TableStore) async throws {
        struct Wider: Codable, Equatable, Sendable {
            var id: Int; var first: String; var last: String; var age: Int; var city: String?
        }
        try await kind.with { store in
            try await store.open(oldMembers).put(OldMember.some(0..<3))
            try await store.open(members).put(Member(id: 5, first: "a", last: "b", age: 1))
            let wider = Table<Wider>("members", key: \.id) {
                Migration(from: OldMember.self) {
                    let member = try Member($0)
                    return Wider(id: member.id, first: member.first, last: member.last, age: member.age, city: "?")
                }
            }
            let table = try await store.open(wider)
            #expect(try await table.migrate().records == 3)
            #expect(try await table.migrate(.all).records == 1)
            #expect(try await table.get(5) == Wider(id: 5, first: "a", last: "b", age: 1, city: nil))
            #expect(try await table.get(2)?.city == "?")
            #expect(try await table.verifyIndexes().isCorrect)
        }
    }

    @Test("a closure that throws or changes the key ends a read with .migrationFailed", arguments: TableStore.allCases)
    func failing(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await store.open(oldMembers).put([ada, OldMember(id: 2, name: "x y", age: "secret")])
            let table = try await store.open(members)
            let error = try await storeError { _ = try await table.get(2) }
            #expect(error?.code == .migrationFailed)
            #expect(error?.cause is NoAge)
            #expect(
                error?.message
                    == "The table members cannot be read: The migration from OldMember to Member threw a NoAge.")
            #expect(try await code { _ = try await table.migrate() } == .migrationFailed)
            #expect(try await code { _ = try await table.query(\.age == 1).count() } == .migrationFailed)
            #expect(try await table.get(1) == newAda)
            let moving = Table<Member>("members", key: \.id) {
                Migration(from: OldMember.self) { Member(id: $0.id + 1, first: "", last: "", age: 0) }
            }
            let moved = try await storeError { _ = try await store.open(moving).get(1) }
            #expect(moved?.code == .migrationFailed)
            #expect(moved?.message == "A migration of the table members changed the key of its record.")
            #expect(try await code { _ = try await store.open(moving).migrate() } == .migrationFailed)
            let twice = Table<Member>("members", key: \.id) {
                Migration(from: OldMember.self) { try Member($0) }
                Migration(from: OldMember.self) { try Member($0) }
            }
            #expect(try await code { _ = try await store.open(twice) } == .incompatibleSchema)
        }
    }

    @Test("a live query shows records that are not migrated as migrated ones", arguments: TableStore.allCases)
    func live(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(oldMembers)
            try await old.put(ada)
            let table = try await store.open(members)
            var changes = table.query(\.age >= 30).changes().makeAsyncIterator()
            #expect(try await changes.next() == .inserted(newAda))
            try await old.put(OldMember(id: 2, name: "Bob Roe", age: "29"))
            try await old.put(OldMember(id: 2, name: "Bob Roe", age: "30"))
            #expect(try await changes.next() == .inserted(Member(id: 2, first: "Bob", last: "Roe", age: 30)))
            try await table.update(1) { $0.age = 40 }
            var older = newAda
            older.age = 40
            #expect(try await changes.next() == .updated(from: newAda, to: older))
        }
    }
}
