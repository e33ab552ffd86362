import KVDS
import KVDSRecords
import TestSupport
import Testing

@Suite("Indexes of renamed fields", .timeLimit(.minutes(5)))
struct IndexRenameTests {
    struct Old: Codable, Sendable { var id: Int; var title: String; var name: String }
    struct New: Codable, Sendable { var id: Int; var name: String }

    // The index was kept, because its field was only renamed. But the new name was that of another field of the older
    // records: their entries had the old field, and later writes removed those of the other one.
    @Test("an index is built anew if a field gets a name that another field had", arguments: TableStore.allCases)
    func otherField(_ kind: TableStore) async throws {
        try await kind.with { store in
            let old = try await store.open(Table<Old>("t", key: \.id) { Index("titles", \.title) })
            try await old.put((0..<300).map { Old(id: $0, title: "t\($0)", name: "n\($0)") })
            let declaration = Table<New>("t", key: \.id) {
                FieldDeclaration(\.name, was: "title")
                Index("titles", \.name)
            }
            let reader = try await store.open(declaration, building: .never)
            #expect(try await reader.query(\.name == "n7").explain().access == .scan)
            #expect(try await reader.query(\.name == "n7").collected().map(\.id) == [7])
            let table = try await store.open(declaration)
            #expect(try await table.query(\.name == "n7").explain().access == .index("titles"))
            #expect(try await table.query(\.name == "n7").collected().map(\.id) == [7])
            #expect(try await old.query(\.title == "t7").explain().access == .scan)
            #expect(try await old.query(\.title == "t7").collected().map(\.id) == [7])
            try await table.put(New(id: 7, name: "x"))
            try await old.put(Old(id: 8, title: "y", name: "z"))
            #expect(try await table.query(\.name == "z").collected().map(\.id) == [8])
            #expect(try await table.verifyIndexes().isCorrect)
            #expect(try await table.verifyIndexes().entries == 300)
        }
    }
}
