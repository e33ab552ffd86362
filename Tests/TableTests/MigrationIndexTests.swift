import KVDS
import KVDSRecords
import KVDSTesting
import TestSupport
import Testing

@Suite("Indexes of tables with migrations", .timeLimit(.minutes(5)))
struct MigrationIndexTests {
    @Test(
        "queries use no index while older records may be left, and then the migrated fields",
        arguments: TableStore.allCases)
    func queries(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(oldMembers)
            try await old.put(OldMember.some(0..<300))
            let table = try await store.open(members)
            let expected = (0..<300).filter { $0 % 50 == 7 }
            let query = table.query(\.age == 7)
            #expect(try await table.indexes().allSatisfy(\.isReady))
            #expect(try await query.explain().access == .scan)
            #expect(try await query.collected().map(\.id).sorted() == expected)
            #expect(try await old.query(\.age == "7").explain().access == .index("byOldAge"))
            #expect(try await table.migrate().isComplete)
            #expect(try await query.explain().access == .index("byAge"))
            #expect(try await query.collected().map(\.id).sorted() == expected)
            #expect(try await table.query(\.last == "l299").explain().access == .index("byLast"))
            #expect(try await table.query(\.last == "l299").collected().map(\.id) == [299])
            #expect(try await table.verifyIndexes().isCorrect)
            // An older program writes again: its record is found, although no index has its migrated fields.
            try await old.put(OldMember(id: 999, name: "a b", age: "7"))
            #expect(try await query.explain().access == .scan)
            #expect(try await query.collected().map(\.id).sorted() == expected + [999])
            try await store.withTransaction { tx in
                try await tx[old].put(OldMember(id: 998, name: "a c", age: "7"))
                #expect(try await tx[table].query(\.age == 7).collected().map(\.id).sorted() == expected + [998, 999])
            }
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await old.verifyIndexes().isCorrect)
            #expect(try await table.migrate().records == 2)
            #expect(try await query.explain().access == .index("byAge"))
            #expect(try await query.collected().map(\.id).sorted() == expected + [998, 999])
            // Only writes of older records matter.
            #expect(try await old.delete(998))
            #expect(try await query.explain().access == .index("byAge"))
            #expect(try await table.verifyIndexes().isCorrect)
        }
    }

    @Test(
        "indexes are right and queries complete while old and new programs write during a migration",
        arguments: TableStore.allCases)
    func mixed(_ kind: TableStore) async throws {
        let seed = TestSeed.next
        try await kind.with { store in
            let old = try await store.open(oldMembers)
            try await old.put(OldMember.some(0..<900))
            let table = try await store.open(members)
            try await withThrowingTaskGroup { group in
                for task in 0..<4 {
                    group.addTask {
                        var input = SplitMix64(seed: seed &+ UInt64(task))
                        for _ in 0..<80 { try await Self.write(task, old, table, store, &input) }
                    }
                }
                for _ in 0..<2 { group.addTask { _ = try await table.migrate() } }
                group.addTask {
                    for _ in 0..<10 {
                        let snapshot = try await store.snapshot()
                        defer { snapshot.close() }
                        let reader = table.reader(of: snapshot)
                        let all = try await reader.records().collected()
                        #expect(
                            try await reader.query(\.age == 7).collected().map(\.id).sorted()
                                == all.filter { $0.age == 7 }.map(\.id), "seed \(seed)")
                    }
                }
                try await group.waitForAll()
            }
            for result in [try await table.verifyIndexes(), try await old.verifyIndexes()] {
                #expect(result.isCorrect && result.records > 0, "seed \(seed): \(result)")
            }
            let before = try await table.records().collected()
            #expect(try await table.migrate().isComplete)
            #expect(try await table.records().collected() == before, "seed \(seed)")
            #expect(try await table.verifyIndexes().isCorrect, "seed \(seed)")
            let query = table.query(\.age == 7)
            #expect(try await query.explain().access == .index("byAge"))
            #expect(try await query.collected().map(\.id).sorted() == before.filter { $0.age == 7 }.map(\.id))
        }
    }

    /// One random write by an old or a new program, to a record of its own.
    private static func write(
        _ task: Int, _ old: OpenTable<OldMember>, _ table: OpenTable<Member>, _ store: any KeyValueStore,
        _ input: inout SplitMix64
    ) async throws {
        let id = Int.random(in: 0..<250, using: &input) * 4 + task
        let age = Int.random(in: 0..<9, using: &input)
        let oldMember = OldMember(id: id, name: "f l\(id)", age: "\(age)")
        let member = Member(id: id, first: "f", last: "l\(id)", age: age)
        switch Int.random(in: 0..<7, using: &input) {
        case 0: try await old.put(oldMember)
        case 1: try await table.put(member)
        case 2: try await old.delete(id)
        case 3: try await table.delete(id)
        case 4: try await store.withTransaction { tx in try await tx[old].put(oldMember) }
        case 5: try await store.withTransaction { tx in try await tx[table].put(member) }
        default: if try await table.contains(id) { _ = try? await table.update(id) { $0.age = age } }
        }
    }

    @Test("a record whose migrated form breaks a unique index stops the migration", arguments: TableStore.allCases)
    func unique(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(oldMembers)
            try await old.put([
                OldMember(id: 1, name: "a x", age: "1"), OldMember(id: 2, name: "b y", age: "2"),
                OldMember(id: 3, name: "c x", age: "3"),
            ])
            let table = try await store.open(members)
            #expect(try await code { _ = try await table.migrate() } == .alreadyExists)
            try await table.update(3) { $0.last = "z" }
            try await table.put(Member(id: 4, first: "d", last: "y", age: 4))
            #expect(try await code { _ = try await table.migrate() } == .alreadyExists)
            try await table.delete(4)
            #expect(try await table.migrate().isComplete)
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await table.records().collected().map(\.last) == ["x", "y", "z"])
        }
    }

    @Test("a field of a type that an index cannot have counts as nil there", arguments: TableStore.allCases)
    func otherKinds(_ kind: TableStore) async throws {
        struct Tagged: Codable, Sendable { var id: Int; var tags: [String]; var flag: Bool }
        struct Numbered: Codable, Sendable { var id: Int; var tags: [Int]; var flag: String }
        try await kind.with { store in
            let old = try await store.open(Table<Tagged>("t", key: \.id) { Index("flags", \.flag) })
            try await old.put(Tagged(id: 1, tags: ["a", "7"], flag: true))
            let declaration = Table<Numbered>("t", key: \.id) {
                Migration(from: Tagged.self) {
                    Numbered(id: $0.id, tags: $0.tags.compactMap { Int($0) }, flag: "\($0.flag)")
                }
                Index("byTag", each: \.tags)
                Index("byFlag", \.flag)
            }
            let table = try await store.open(declaration)
            try await table.put(Numbered(id: 2, tags: [7], flag: "x"))
            try await old.put(Tagged(id: 3, tags: ["b"], flag: false))
            #expect(try await table.verifyIndexes() == old.verifyIndexes())
            let entry = Bytes([0xFD] + Array(Tuple(1, 3, nil as Int?, 1).packed))
            #expect(try await store.exists(entry))
            // One entry in each index of a flag for each record, and one in the index of the tags.
            #expect(try await table.verifyIndexes().entries == 3 + 3 + 1)
            #expect(try await table.query(.contains(\.tags, 7)).collected().map(\.id) == [1, 2])
            #expect(try await table.migrate().isComplete)
            #expect(try await table.query(.contains(\.tags, 7)).explain().access == .index("byTag"))
            #expect(try await table.query(.contains(\.tags, 7)).collected().map(\.id) == [1, 2])
            #expect(try await table.query(\.flag == "false").collected().map(\.id) == [3])
            #expect(try await table.verifyIndexes().isCorrect)
            // An index that no type declares any more is dropped by its name.
            try await table.dropIndex("flags")
            #expect(try await table.verifyIndexes().isCorrect)
        }
    }
}
