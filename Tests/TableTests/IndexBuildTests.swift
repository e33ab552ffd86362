import KVDS
import KVDSRecords
import KVDSTesting
import TestSupport
import Testing

@Suite("Building and dropping indexes", .timeLimit(.minutes(5)))
struct IndexBuildTests {
    private static let plain = Table<Person>("people", key: \.id)

    private static func persons(_ range: Range<Int>) -> [Person] {
        range.map { Person(id: $0, name: "n\($0)", city: $0 % 3 == 0 ? nil : "c\($0 % 5)", age: $0, tags: ["a"]) }
    }

    @Test("indexes are built while writers continue, who forget no entry", arguments: TableStore.allCases)
    func online(_ kind: TableStore) async throws {
        let seed = TestSeed.next
        try await kind.with { store in
            let old = try await store.open(Self.plain)
            try await old.put(Self.persons(0..<1200))
            try await withThrowingTaskGroup { group in
                for task in 0..<3 {
                    group.addTask {
                        var input = SplitMix64(seed: seed &+ UInt64(task))
                        for _ in 0..<60 {
                            // Ids of its own, so that no name is used twice.
                            let id = Int.random(in: 0..<400, using: &input) * 3 + task
                            switch Int.random(in: 0..<3, using: &input) {
                            case 0: try await old.delete(id)
                            case 1: try await old.put(Person(id: id, name: "n\(id)", city: "x", age: -id))
                            default:
                                try await store.withTransaction { tx in
                                    try await tx[old].put(Person(id: id, name: "n\(id)", city: nil, age: 7))
                                }
                            }
                        }
                    }
                }
                for _ in 0..<2 { group.addTask { _ = try await store.open(people) } }
                try await group.waitForAll()
            }
            let table = try await store.open(people)
            let result = try await table.verifyIndexes()
            #expect(result.isCorrect && result.records > 0, "seed \(seed): \(result)")
            #expect(try await table.indexes().allSatisfy { $0.isReady && !$0.isDropped })
            #expect(try await table.query(\.city == "x").explain().access == .index("byCity"))
        }
    }

    @Test(
        "queries ignore an index that is not ready, and a build that failed continues where it ended",
        arguments: TableStore.allCases)
    func resumed(_ kind: TableStore) async throws {
        try await kind.with { store in
            let faulty = FailingStore(base: store, commits: 4)
            try await store.open(Self.plain).put(Self.persons(0..<2000))
            #expect(try await code { _ = try await faulty.open(people) } == .ioFailure)
            let table = try await store.open(people, building: .never)
            #expect(try await table.indexes().contains { !$0.isReady })
            #expect(try await table.query(\.city == "c1").explain().access == .scan)
            #expect(try await table.query(\.city == "c1").count() == 267)
            let before = FailingStore(base: store, commits: .max)
            _ = try await before.open(people)
            // 5 indexes of 2,000 records in commits of 256, with one commit each that ends them, less what was there.
            #expect(before.commits.value <= 5 * 9 - 3)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await store.open(people).query(\.city == "c1").explain().access == .index("byCity"))
            #expect(try await table.query(\.city == "c1").collected().count == 267)
        }
    }

    @Test("a unique index that two records contradict is refused and leaves nothing", arguments: TableStore.allCases)
    func duplicates(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(Self.plain)
            try await old.put(Self.persons(0..<700))
            try await old.put(Person(id: 999, name: "n5", age: 1))
            let unique = Table<Person>("people", key: \.id) { UniqueIndex("byName", \.name) }
            #expect(try await code { _ = try await store.open(unique) } == .alreadyExists)
            let table = try await store.open(unique, building: .never)
            try await old.put(Person(id: 1000, name: "n6", age: 1))
            #expect(try await code { try await table.buildIndexes() } == .alreadyExists)
            try await old.delete(999)
            try await old.delete(1000)
            try await table.buildIndexes()
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await code { try await old.put(Person(id: 999, name: "n5", age: 1)) } == .alreadyExists)
        }
    }

    @Test("an index whose entries are too long for the store is refused and leaves the table writable")
    func tooLong() async throws {
        try await DiskBackend.lmdb.withStore(durability: .buffered) { store, _ in
            let old = try await store.open(Self.plain)
            let long = Person(id: 1, name: String(repeating: "n", count: 600), age: 1)
            try await old.put(long)
            #expect(try await code { _ = try await store.open(people) } == .invalidKey)
            try await old.put(Person(id: 2, name: long.name, age: 2))
            #expect(try await old.delete(1))
            #expect(try await old.delete(2))
            let table = try await store.open(people)
            #expect(try await code { try await table.put(long) } == .invalidKey)
            #expect(try await table.count() == 0)
            #expect(try await table.verifyIndexes().isCorrect)
        }
    }

    @Test("a program that is not the first to write a new table still gets its indexes", arguments: TableStore.allCases)
    func second(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(people)
            try await store.open(Self.plain).put(Self.persons(0..<10))
            try await table.put(Self.persons(10..<20))
            try await table.buildIndexes()
            #expect(try await table.query(\.city == "c1").explain().access == .index("byCity"))
            #expect(try await table.verifyIndexes().isCorrect)
        }
    }

    @Test(
        "a unique index that is being built keeps its entry when another record with the same fields is deleted",
        arguments: TableStore.allCases)
    func contested(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(Self.plain)
            try await old.put(Self.persons(0..<300))
            try await old.put(Person(id: 999, name: "n5", age: 1))
            try await old.put(Person(id: 998, name: "n6", age: 1))
            try await old.put(Person(id: 997, name: "n7", age: 1))
            let unique = Table<Person>("people", key: \.id) { UniqueIndex("byName", \.name) }
            // The index is added, and the first records are in it.
            let faulty = FailingStore(base: store, commits: 2)
            #expect(try await code { _ = try await faulty.open(unique) } == .ioFailure)
            let table = try await store.open(unique, building: .never)
            try await table.delete(999)
            try await store.withTransaction { tx in _ = try await tx[table].delete(998) }
            var batch = WriteBatch()
            try await table.delete(997, in: &batch)
            #expect(try await store.commit(batch).isCommitted)
            try await table.buildIndexes()
            #expect(try await table.verifyIndexes().isCorrect)
            for name in ["n5", "n6", "n7"] {
                #expect(try await table.query(\.name == name).first()?.name == name)
                #expect(try await code { try await table.put(Person(id: 400, name: name, age: 1)) } == .alreadyExists)
            }
        }
    }

    @Test("a damaged progress of a build is reported as such, and no foreign key is read as a record")
    func damagedProgress() async throws {
        let store = MemoryStore()
        try await store.set("a", to: Bytes([4, 0]))
        try await store.open(Self.plain).put(Self.persons(0..<600))
        _ = try? await FailingStore(base: store, commits: 2).open(people)
        for index in 1...5 {
            let key = Bytes([0xFD, 0x14]).appending(Tuple("index", 1, index).packed)
            if try await store.exists(key) { try await store.set(key, to: "") }
        }
        #expect(try await code { _ = try await store.open(people) } == .corrupt)
    }

    @Test("a dropped index is not used any more, and leaves no entry", arguments: TableStore.allCases)
    func dropped(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(people)
            try await table.put(Self.persons(0..<1500))
            try await table.dropIndex("byCity")
            try await table.put(Self.persons(1500..<1510))
            #expect(try await table.query(\.city == "c1").explain().access == .scan)
            #expect(try await table.indexes().map(\.name) == ["byAge", "byTag", "adults", "byName"])
            let gone = KeyRange.prefix(Bytes([0xFD, 0x15, 1, 0x15, 1]))
            #expect(try await store.entries(in: gone).collected().isEmpty)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await code { try await table.dropIndex("byCity") } == .notFound)
            let again = try await store.open(people)
            #expect(try await again.query(\.city == "c1").explain().access == .index("byCity"))
            #expect(try await again.verifyIndexes().isCorrect)
        }
    }

    @Test(
        "an index with other fields than in the store is refused; a renamed field is not",
        arguments: TableStore.allCases)
    func changed(_ kind: TableStore) async throws {
        struct Renamed: Codable, Sendable {
            var id: Int
            var name: String
            var town: String?
            var age: Int
            var tags: [String]
        }
        try await kind.with { store in
            let table = try await store.open(people)
            try await table.put(Self.persons(0..<50))
            let other = Table<Person>("people", key: \.id) { Index("byCity", \.city) }
            #expect(try await code { _ = try await store.open(other) } == .incompatibleSchema)
            let renamed = Table<Renamed>("people", key: \.id) {
                FieldDeclaration(\.town, was: "city")
                Index("byCity", \.town, \.age)
            }
            let new = try await store.open(renamed)
            #expect(try await new.query(\.town == "c1").collected().count == 7)
            try await new.put(Renamed(id: 100, name: "x", town: "c1", age: 1, tags: []))
            #expect(try await new.query(\.town == "c1").explain().access == .index("byCity"))
            #expect(try await new.query(\.town == "c1").collected().count == 8)
            // The older program reads a record whose city has another name as one without a city.
            try await table.put(Person(id: 101, name: "y", city: "c1", age: 1))
            #expect(try await new.query(\.town == "c1").collected().count == 9)
            #expect(try await new.verifyIndexes().isCorrect)
        }
    }

    @Test(
        "a process that is killed while it builds indexes leaves what another one completes",
        arguments: DiskBackend.allCases)
    func killed(_ backend: DiskBackend) async throws {
        try await backend.withStore(durability: .buffered) { store, path in
            try await store.open(Self.plain).put(Self.persons(0..<6000))
            try await store.close()
            for _ in 0..<3 {
                let worker = try WorkerProcess(backend, "\(path)/store", product: "kvds-table-worker")
                #expect(await worker.nextLine() == "open")
                try worker.send("build")
                _ = await worker.nextLine(within: .milliseconds(Int.random(in: 20..<150)))
                worker.crash()
                _ = await worker.status()
            }
            let again = try await backend.open("\(path)/store")
            let table = try await again.open(people)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await table.query(\.name == "n5999").explain().access == .index("byName"))
            #expect(try await table.query(\.name == "n5999").first()?.id == 5999)
            try await again.close()
        }
    }

    @Test("two processes with different versions of a struct share a table and its new indexes")
    func shared() async throws {
        try await DiskBackend.lmdb.withStore(durability: .buffered) { store, path in
            let worker = try WorkerProcess(.lmdb, "\(path)/store", product: "kvds-table-worker")
            #expect(await worker.nextLine() == "open")
            #expect(try await worker.ask("put 1 ada") == "put")
            let declaration = Table<Person>("people", key: \.id) {
                FieldDeclaration(\.age, default: 18)
                FieldDeclaration(\.tags, default: ["old"])
                Index("byAge", \.age)
                Index("byTag", each: \.tags)
                UniqueIndex("byName", \.name)
            }
            let table = try await store.open(declaration)
            #expect(try await table.get(1) == Person(id: 1, name: "ada", age: 18, tags: ["old"]))
            try await table.put(Person(id: 2, name: "bob", city: "Oslo", age: 40))
            // The older program maintains indexes that it does not know, of fields that it does not have.
            #expect(try await worker.ask("put 3 eve") == "put")
            #expect(try await worker.ask("put 4 bob") == "alreadyExists")
            #expect(try await worker.ask("get 2") == "bob")
            #expect(try await table.query(\.age == 18).explain().access == .index("byAge"))
            #expect(try await table.query(\.age == 18).collected().map(\.id) == [1, 3])
            #expect(try await table.query(\.name == "eve").first()?.id == 3)
            #expect(try await table.query(.contains(\.tags, "old")).explain().access == .index("byTag"))
            #expect(try await table.query(.contains(\.tags, "old")).collected().map(\.id) == [1, 3])
            #expect(try await table.verifyIndexes().isCorrect)
            try await worker.quit()
        }
    }
}

/// A store that counts commits, and fails after some of them.
private struct FailingStore: StoreLayer {
    let base: any KeyValueStore
    let commits = AtomicCounter()
    let limit: Int

    init(base: any KeyValueStore, commits: Int) { (self.base, limit) = (base, commits) }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        if commits.add() > limit { throw StoreError(.ioFailure, "Injected.") }
        return try await base.commit(batch)
    }
}

extension Bytes {
    fileprivate func appending(_ other: Bytes) -> Bytes { Bytes(Array(self) + Array(other)) }
}
