import KVDS
import KVDSRecords
import KVDSTesting
import TestSupport
import Testing

@Suite("Migrations that are interrupted", .timeLimit(.minutes(5)))
struct MigrationResumeTests {
    @Test("a migration that failed goes on where it ended, and repeats nothing", arguments: TableStore.allCases)
    func resumed(_ kind: TableStore) async throws {
        try await kind.with { store in
            try await store.open(oldMembers).put(OldMember.some(0..<2000))
            try await store.open(members, building: .never).put(Member(id: 5000, first: "a", last: "b", age: 1))
            // The first commit begins.
            let faulty = try await CountingStore(base: store, commits: 4).open(members, building: .never)
            #expect(try await code { _ = try await faulty.migrate() } == .ioFailure)
            #expect(try await Self.oldVersions(store) == 2000 - 3 * 256)
            let progress = Bytes([0xFD] + Array(Tuple(0, "migration", 1).packed))
            let reached = Bytes([0xFD] + Array(Tuple(1, 0, 3 * 256 - 1).packed))
            #expect(try await store.get(progress) == reached)
            let counting = CountingStore(base: store)
            let table = try await counting.open(members, building: .never)
            let result = try await table.migrate()
            #expect(result.isComplete && result.records == 2000 - 3 * 256)
            #expect(counting.commits.value == 5)
            #expect(try await Self.oldVersions(store) == 0)
            #expect(try await store.get(progress) == nil)
            try await table.buildIndexes()
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await table.records().collected().count == 2001)
        }
    }

    @Test("a migration that an older program keeps undoing ends, and says so", arguments: TableStore.allCases)
    func undone(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(oldMembers)
            try await old.put(OldMember.some(0..<600))
            let table = try await WritingStore(base: store, other: old).open(members, building: .never)
            #expect(try await !table.migrate().isComplete)
            #expect(try await table.query(\.age == 7).explain().access == .scan)
            let calm = try await store.open(members)
            #expect(try await calm.migrate().isComplete)
            #expect(try await calm.verifyIndexes().isCorrect)
            #expect(try await calm.get(-1) == Member(id: -1, first: "x", last: "y", age: 0))
        }
    }

    @Test(
        "a process that is killed while it migrates leaves what another one completes", arguments: DiskBackend.allCases)
    func killed(_ backend: DiskBackend) async throws {
        // The worker knows the older type by this name.
        struct Person: Codable, Sendable { var id: Int; var name: String }
        struct Split: Codable, Equatable, Sendable { var id: Int; var first: String; var last: Int }
        let declaration = Table<Split>("people", key: \.id) {
            Migration(from: Person.self) { old in
                Split(id: old.id, first: String(old.name.prefix(1)), last: Int(old.name.dropFirst()) ?? -1)
            }
            Index("byLast", \.last)
        }
        try await backend.withStore(durability: .buffered) { store, path in
            let old = try await store.open(Table<Person>("people", key: \.id) { Index("byName", \.name) })
            try await old.put((0..<20_000).map { Person(id: $0, name: "n\($0)") })
            try await store.close()
            for _ in 0..<3 {
                let worker = try WorkerProcess(backend, "\(path)/store", product: "kvds-table-worker")
                #expect(await worker.nextLine() == "open")
                try worker.send("migrate")
                _ = await worker.nextLine(within: .milliseconds(Int.random(in: 20..<150)))
                worker.crash()
                _ = await worker.status()
            }
            let again = try await backend.open("\(path)/store")
            let table = try await again.open(declaration)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await table.migrate().isComplete)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(
                try await table.records().collected() == (0..<20_000).map { Split(id: $0, first: "n", last: $0) })
            #expect(try await table.query(\.last == 7).explain().access == .index("byLast"))
            try await again.close()
        }
    }

    /// The number of records of the first version.
    private static func oldVersions(_ store: any KeyValueStore) async throws -> Int {
        let records = KeyRange.prefix(Bytes([0xFD, 0x15, 1, 0x14]))
        return try await store.entries(in: records).collected().count { $0.value[0] == 1 << 2 }
    }
}

/// A store in which an older program writes a record after each commit.
private struct WritingStore: StoreLayer {
    let base: any KeyValueStore
    let other: OpenTable<OldMember>

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        let result = try await base.commit(batch)
        try await other.put(OldMember(id: -1, name: "x y", age: "0"))
        return result
    }
}
