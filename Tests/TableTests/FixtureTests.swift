import Foundation
import KVDS
import KVDSRecords
import TestSupport
import Testing

/// Reads a store that format 1 wrote. The file stays forever: a later format gets another file, and this test stays.
///
/// `KVDS_WRITE_FIXTURES=1` writes the files that do not exist yet.
@Suite("Fixtures", .timeLimit(.minutes(5)))
struct FixtureTests {
    @Test("a store of format 1 is read, and its indexes and migrations are completed", arguments: TableStore.allCases)
    func format1(_ kind: TableStore) async throws {
        try await kind.with { store in
            var batch = WriteBatch()
            for entry in FixtureFile.entries(PackageResources.format1_tsv) { batch.set(entry.key, to: entry.value) }
            #expect(batch.mutations.count > 500)
            _ = try await store.commit(batch)
            try await checkCatalog(store)

            let keyed = try await store.open(Fixture.keyed)
            #expect(try await keyed.records().collected() == Fixture.keyedRecords)
            #expect(try await keyed.records(prefix: Tuple("b")).collected() == [Fixture.keyedRecords[2]])
            let shaped = try await store.open(Fixture.shaped)
            #expect(try await shaped.records().collected() == Fixture.shapedRecords)
            #expect(try await shaped.get(2) == Fixture.shapedRecords[1])
            try await checkPeople(store)
            try await checkNumbers(store)

            let members = try await store.open(Fixture.members)
            #expect(try await members.records().collected() == Fixture.memberRecords)
            let result = try await members.migrate()
            #expect(result.isComplete && result.records == 2)
            #expect(try await members.records().collected() == Fixture.memberRecords)
        }
    }

    private func checkPeople(_ store: any KeyValueStore) async throws {
        let old = try await store.open(Fixture.oldPeople)
        #expect(try await old.get(1) == Fixture.OldPerson(id: 1, title: "ada"))
        let people = try await store.open(Fixture.people)
        #expect(try await people.records().collected() == Fixture.personRecords)
        #expect(try await people.verifyIndexes().isCorrect)
        #expect(try await people.indexes().map(\.name) == ["byCity", "byAge", "byTag", "adults", "byMail"])
        #expect(try await people.indexes().allSatisfy { $0.isReady && $0.isUnique == ($0.name == "byMail") })
        func check(_ query: Query<Fixture.Person>, _ index: String, _ ids: [Int]) async throws {
            #expect(try await query.explain().access == .index(index))
            #expect(try await query.collected().map(\.id) == ids)
        }
        try await check(people.query(\.city == nil), "byCity", [1, 2])
        try await check(people.query(\.city == "Oslo"), "byCity", [5, 3])
        try await check(people.query().order(by: \.age, .descending).order(by: \.name), "byAge", [3, 5, 1, 2, 4])
        try await check(people.query(.contains(\.tags, "b")), "byTag", [3, 5])
        try await check(people.query(\.age >= 30 && \.name == "eve"), "adults", [3, 5])
        try await check(people.query(\.mail == "e@example.org"), "byMail", [5])
    }

    private func checkNumbers(_ store: any KeyValueStore) async throws {
        let before = try await store.open(Fixture.numbers, building: .never)
        #expect(try await before.query(\.square == 49).explain().access == .scan)
        let numbers = try await store.open(Fixture.numbers)
        #expect(try await numbers.indexes().map(\.name) == ["bySquare"])
        #expect(try await numbers.records().collected() == Fixture.numberRecords)
        #expect(try await numbers.query(\.square == 49).explain().access == .index("bySquare"))
        #expect(try await numbers.query(\.square == 259 * 259).collected().map(\.id) == [259])
        let result = try await numbers.verifyIndexes()
        #expect(result.isCorrect && result.entries == 260)
    }

    /// The catalog as it is in the file.
    private func checkCatalog(_ store: any KeyValueStore) async throws {
        var catalog: [Tuple: Tuple] = [:]
        for try await entry in store.entries(in: .prefix(Bytes([0xFD, 0x14]))) {
            let key = try Tuple(unpacking: entry.key.slice(1..<entry.key.count))
            let word = try key[1, as: String.self]
            // The progress of an index or a migration is a key.
            catalog[key] = word == "index" || word == "migration" ? Tuple() : try Tuple(unpacking: entry.value)
        }
        #expect(catalog.count == 15)
        #expect(catalog[Tuple(0, "last")] == Tuple(5))
        #expect(catalog[Tuple(0, "index", 4, 2)] != nil)
        #expect(catalog[Tuple(0, "migration", 5)] != nil)
        var tables: [Tuple] = []
        for name in ["keyed", "shaped", "people", "numbers", "members"] {
            tables.append(try #require(catalog[Tuple(0, "table", name)]))
        }
        // The form of the catalog, the numbers of the tables, and the versions of their schemas.
        #expect(try tables.map { try $0[0, as: Int.self] } == [1, 1, 1, 1, 1])
        #expect(try tables.map { try $0[1, as: Int.self] } == [1, 2, 3, 4, 5])
        #expect(try tables.map { try $0[2, as: Int.self] } == [1, 1, 2, 1, 2])
        let kinds = try tables[0][3, as: Tuple.self]
        #expect(
            kinds
                == Tuple(
                    "string", "bytes", "integer", "integer", "float", "double", "bool", "UUID", "double", "null",
                    "tuple", "versionstamp"))
        #expect(tables[1] == Tuple(1, 2, 1, Tuple("integer"), Tuple("id"), Tuple(), 0))
        let field = Tuple(Tuple("square"), "integer", false, nil as Int?)
        let index = Tuple("bySquare", 2, false, "building", Tuple(Tuple(field, true)), nil as Int?)
        let numbers = try tables[3][5, as: Tuple.self]
        #expect(try numbers[0, as: Tuple.self][3, as: String.self] == "dropping")
        #expect(try numbers[1, as: Tuple.self] == index)
        // Version 1 is leaving, and none is empty.
        #expect(try tables[4][7, as: Tuple.self] == Tuple(Tuple(1), Tuple()))
        let fields = Tuple(Tuple("id", "Int"), Tuple("name", "String"))
        #expect(catalog[Tuple(0, "schema", 5, 1)] == Tuple(0, Tuple(Tuple("record", "OldMember", fields))))
    }

    @Test("the fixtures are written by a program that the tests contain")
    func written() async throws {
        let store = MemoryStore()
        try await Fixture.write(to: store)
        let text = FixtureFile.text(try await store.entries().collected())
        #expect(FixtureFile.entries(Array(text.utf8)) == (try await store.entries().collected()))
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/format1.tsv")
        if ProcessInfo.processInfo.environment["KVDS_WRITE_FIXTURES"] != nil,
            try Data(contentsOf: file).isEmpty
        {
            try Data(text.utf8).write(to: file)
            Issue.record("\(file.lastPathComponent) was written: build again.")
        } else {
            #expect(text == String(decoding: PackageResources.format1_tsv, as: UTF8.self))
        }
    }
}
