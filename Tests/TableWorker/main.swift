import KVDS
import KVDSRecords
import TestSupport

// A process with an open table, for tests of tables that need another process to share a store with or to kill.

/// The people of the tests, as an older program knows them.
struct Person: Codable, Sendable {
    var id: Int
    var name: String
}

/// The people of the tests, with an index that their store may lack.
struct IndexedPerson: Codable, Sendable {
    var id: Int
    var name: String
    var city: String?
    var age: Int
    var tags: [String]
}

let indexed = Table<IndexedPerson>("people", key: \.id) {
    Index("byCity", \.city, \.age)
    Index("byTag", each: \.tags, \.age)
    UniqueIndex("byName", \.name)
}

/// The people of the tests, with a name that was split.
struct SplitPerson: Codable, Sendable {
    var id: Int
    var first: String
    var last: Int
}

let split = Table<SplitPerson>("people", key: \.id) {
    Migration(from: Person.self) { old in
        SplitPerson(id: old.id, first: String(old.name.prefix(1)), last: Int(old.name.dropFirst()) ?? -1)
    }
}

/// Answers a line of standard input.
func answer(
    _ line: String, _ people: OpenTable<Person>, _ store: any KeyValueStore
) async throws -> String {
    let words = line.split(separator: " ").map(String.init)
    switch words[0] {
    case "build":
        _ = try await store.open(indexed)
        return "built"
    case "migrate":
        return try await store.open(split).migrate().isComplete ? "migrated" : "not migrated"
    case "put":
        try await people.put(Person(id: Int(words[1]) ?? 0, name: words[2]))
        return "put"
    case "get": return try await people.get(Int(words[1]) ?? 0)?.name ?? "nil"
    default: return "what is \(line)?"
    }
}

func run(_ backend: DiskBackend, _ path: String) async throws {
    let store = try await backend.open(path, durability: .buffered)
    let people = try await store.open(Table<Person>("people", key: \.id))
    sayLine("open")
    while let line = readLine(), line != "quit" {
        do {
            sayLine(try await answer(line, people, store))
        } catch {
            sayLine((error as? StoreError).map { "\($0.code)" } ?? "\(error)")
        }
    }
    try await store.close()
}

let arguments = CommandLine.arguments
if arguments.count >= 3, let backend = DiskBackend(rawValue: arguments[1]) {
    do { try await run(backend, arguments[2]) } catch { sayLine("\(error)") }
} else {
    sayLine("usage: kvds-table-worker lmdb|rocksdb PATH")
}
