import KVDS
import KVDSRecords
import Testing

@Suite("The format of a table")
struct TableFormatTests {
    private func hexadecimal(_ bytes: Bytes) -> String {
        bytes.map { String($0 >> 4, radix: 16, uppercase: true) + String($0 & 15, radix: 16, uppercase: true) }
            .joined(separator: " ")
    }

    @Test("the keys and values of a table are those of Formats.md")
    func bytes() async throws {
        let store = MemoryStore()
        try await store.open(users).put(User(id: 1, name: "ada", city: nil, age: 36))
        var record: [String] = []
        var catalog: [Tuple: Tuple] = [:]
        for try await entry in store.entries() {
            let key = try Tuple(unpacking: entry.key.slice(1..<entry.key.count))
            #expect(entry.key[0] == 0xFD)
            if key[0] == 0 {
                catalog[key] = try Tuple(unpacking: entry.value)
            } else {
                record = [hexadecimal(entry.key), hexadecimal(entry.value)]
            }
        }
        #expect(record == ["FD 15 01 14 15 01", "04 00 02 03 61 64 61 48"])
        let fields = Tuple(
            Tuple("id", "Int"), Tuple("name", "String"), Tuple("city", Tuple("optional", "String")),
            Tuple("age", "Int"))
        #expect(
            catalog == [
                Tuple(0, "table", "users"): Tuple(1, 1, 1, Tuple("integer"), Tuple("id"), Tuple(), 0),
                Tuple(0, "schema", 1, 1): Tuple(0, Tuple(Tuple("record", "User", fields))),
                Tuple(0, "last"): Tuple(1),
            ])
    }
}
