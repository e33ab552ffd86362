import KVDS
import KVDSRecords
import TestSupport
import Testing

@Suite("Tables whose records change", .timeLimit(.minutes(5)))
struct TableEvolutionTests {
    struct First: Codable, Equatable, Sendable {
        var id: Int
        var name: String
    }
    struct Second: Codable, Equatable, Sendable {
        var id: Int
        var fullName: String
        var age: Int
        var tags: [String]?
    }
    struct Third: Codable, Equatable, Sendable {
        var id: Int
        var fullName: Int
    }
    struct OtherKey: Codable, Equatable, Sendable {
        var id: String
        var name: String
    }

    private let first = Table<First>("people", key: \.id)
    private let second = Table<Second>("people", key: \.id) {
        FieldDeclaration(\.fullName, was: "name")
        FieldDeclaration(\.age, default: 18)
    }

    @Test("old and new programs read each other's records", arguments: TableStore.allCases)
    func both(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(first)
            try await old.put([First(id: 1, name: "ada"), First(id: 2, name: "bob")])
            let new = try await store.open(second)
            #expect(try await new.get(1) == Second(id: 1, fullName: "ada", age: 18, tags: nil))
            try await new.update(2) { $0.tags = ["x"] }
            #expect(try await new.get(2) == Second(id: 2, fullName: "bob", age: 18, tags: ["x"]))
            // The older type has a `name` that the newer records lack.
            #expect(try await code { _ = try await old.get(2) } == .incompatibleSchema)
            #expect(try await old.get(1) == First(id: 1, name: "ada"))
            try await old.put(First(id: 3, name: "eve"))
            #expect(try await new.records().collected().map(\.fullName) == ["ada", "bob", "eve"])
            #expect(try await store.open(first).get(3)?.name == "eve")
        }
    }

    @Test(
        "a change that cannot be read throws on opening, names everything and writes nothing",
        arguments: TableStore.allCases)
    func refused(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await store.open(first).put(First(id: 1, name: "ada"))
            try await store.open(second).put(Second(id: 2, fullName: "bob", age: 1, tags: nil))
            let entries = try await store.entries().collected()
            let missing = try await storeError {
                _ = try await store.open(Table<Second>("people", key: \.id) { FieldDeclaration(\.age, default: 1) })
            }
            #expect(missing == nil, "this version is in the catalog already")
            let other = try await storeError { _ = try await store.open(Table<Third>("people", key: \.id)) }
            #expect(other?.code == .incompatibleSchema)
            #expect(
                other?.message
                    == "Records of the table people with schema version 1 cannot be read: fullName is missing there, and "
                    + "the type wants Int. Make it optional, declare a default, or declare its old name.")
            let renamed = Table<Third>("people", key: \.id) { FieldDeclaration(\.fullName, was: "name") }
            let kinds = try await storeError { _ = try await store.open(renamed) }
            #expect(kinds?.message.contains("fullName is String there, and the type wants Int") == true)
            let keys = try await storeError { _ = try await store.open(Table<OtherKey>("people", key: \.id)) }
            #expect(keys?.code == .incompatibleSchema)
            #expect(keys?.message.contains("are (id: integer), and the type's are (id: string)") == true)
            #expect(try await store.entries().collected() == entries)
        }
    }

    @Test(
        "many programs that first write a table at once agree on its number and schema", arguments: TableStore.allCases)
    func racing(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await withThrowingTaskGroup { group in
                for task in 0..<8 {
                    group.addTask {
                        // Each opens its own table object, as a program would.
                        let name = task % 2 == 0 ? "even" : "odd"
                        let table = try await store.open(Table<First>("\(name)", key: \.id))
                        for number in 0..<10 { try await table.put(First(id: task * 100 + number, name: name)) }
                    }
                }
                try await group.waitForAll()
            }
            for name in ["even", "odd"] {
                let table = try await store.open(Table<First>("\(name)", key: \.id))
                let records = try await table.records().collected()
                #expect(records.count == 40 && records.allSatisfy { $0.name == name })
            }
        }
    }

    struct WithAge: Codable, Equatable, Sendable {
        var id: Int
        var age: Int?
    }
    struct WithVisits: Codable, Equatable, Sendable {
        var id: Int
        var visits: Int?
    }
    struct OnlyID: Codable, Equatable, Sendable { var id: Int }

    @Test(
        "a new schema that another program registers first is not mistaken for the own one",
        arguments: TableStore.allCases)
    func faster(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await store.open(Table<OnlyID>("t", key: \.id)).put(OnlyID(id: 0))
            let ages = try await store.open(Table<WithAge>("t", key: \.id))
            let visits = try await store.open(Table<WithVisits>("t", key: \.id))
            try await visits.put(WithVisits(id: 1, visits: 7))
            #expect(try await ages.get(1) == WithAge(id: 1, age: nil))
            try await store.withTransaction { tx in
                try await tx[ages].update(1) { $0.age = 3 }
                #expect(try await tx[ages].get(1) == WithAge(id: 1, age: 3))
            }
            #expect(try await ages.records().collected() == [WithAge(id: 0, age: nil), WithAge(id: 1, age: 3)])
            #expect(try await visits.get(1) == WithVisits(id: 1, visits: nil))
        }
    }

    struct Two: Codable, Equatable, Sendable {
        var id: Int
        var other: Int
    }
    struct Maybe: Codable, Equatable, Sendable { var id: Int? }

    @Test("other key properties, an optional key and no key are refused on opening; a renamed one is not")
    func keys() async throws {
        struct Renamed: Codable, Sendable {
            var number: Int
            var other: Int
        }
        let store = MemoryStore()
        try await store.open(Table<Two>("t", key: \.id)).put(Two(id: 1, other: 2))
        let other = try await storeError { _ = try await store.open(Table<Two>("t", key: \.other)) }
        #expect(other?.code == .incompatibleSchema)
        #expect(other?.message.contains("are (id: integer), and the type's are (other: integer)") == true)
        let renamed = Table<Renamed>("t", key: \.number) { FieldDeclaration(\.number, was: "id") }
        #expect(try await store.open(renamed).get(1)?.other == 2)
        #expect(try await code { _ = try await store.open(Table<Maybe>("m", key: \.id)) } == .incompatibleSchema)
        #expect(try await code { _ = try await store.open(Table<Two>("n")) } == .incompatibleSchema)
    }

    struct Node: Codable, Equatable, Sendable {
        var id: Int
        var children: [Node]
    }
    struct AgedNode: Codable, Equatable, Sendable {
        var id: Int
        var age: Int
        var children: [AgedNode]
    }

    @Test("a default is for the fields of the record itself, not for records inside of it")
    func recursive() async throws {
        let store = MemoryStore()
        try await store.open(Table<Node>("t", key: \.id)).put(Node(id: 1, children: [Node(id: 2, children: [])]))
        let aged = Table<AgedNode>("t", key: \.id) { FieldDeclaration(\.age, default: 1) }
        let error = try await storeError { _ = try await store.open(aged) }
        #expect(error?.message.contains("children[].age is missing there") == true)
    }

    @Test("a declaration about something that is not a stored property is refused")
    func declarations() async throws {
        let table = Table<Second>("people", key: \.id) { FieldDeclaration(\.fullName.count, default: 1) }
        let error = try await storeError { _ = try await MemoryStore().open(table) }
        #expect(error?.code == .incompatibleSchema)
        #expect(error?.message.contains("not a stored property") == true)
    }

    @Test("a damaged catalog and an unknown schema version are reported as such", arguments: TableStore.allCases)
    func damaged(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(first)
            try await table.put(First(id: 1, name: "ada"))
            for try await entry in store.entries() where entry.value.count > 2 {
                let isRecord = try Tuple(unpacking: entry.key.slice(1..<entry.key.count))[0] == 1
                var changed = Array(entry.value)
                if isRecord { changed[0] = 9 << 2 } else { changed.removeLast() }
                try await store.set(entry.key, to: Bytes(changed))
                let error = try await storeError { _ = try await store.open(first).get(1) }
                #expect(error?.code == .corrupt, "\(entry.key): \(String(describing: error))")
                try await store.set(entry.key, to: entry.value)
            }
            #expect(try await store.open(first).get(1) == First(id: 1, name: "ada"))
        }
    }
}
