import KVDS
import KVDSCompression
import KVDSRecords
import Testing

@Suite("The format of compressed records")
struct CompressionFormatTests {
    private let user = User(id: 1, name: String(repeating: "ada", count: 20), city: nil, age: 36)

    private func bytes(_ hexadecimal: String) -> Bytes {
        Bytes(hexadecimal.split(separator: " ").compactMap { UInt8($0, radix: 16) })
    }

    @Test("the compressed values of Formats.md are read, and a dictionary is where it says")
    func examples() async throws {
        let store = MemoryStore()
        let table = try await store.open(Table<User>("users", key: \.id) { Compression.none })
        try await table.put(User(1))
        for value in [
            "05 40 6F 00 02 3C 61 64 61 03 00 22 50 61 61 64 61 48",
            "06 20 40 6D 00 00 38 00 02 3C 61 64 61 48 01 00 F6 74 45",
        ] {
            try await store.set(bytes("FD 15 01 14 15 01"), to: bytes(value))
            #expect(try await table.get(1) == user)
        }
        let writer = try await store.open(Table<User>("users", key: \.id) { Compression.zstandard(minimumSize: 1) })
        try await writer.put((0..<50).map { User($0, name: "ada number \($0) of the family") })
        try await writer.trainDictionary(DictionaryTraining(capacity: 256))
        try await writer.put(user)
        let value = try #require(try await store.get(bytes("FD 15 01 14 15 01")))
        #expect(Array(value.prefix(2)) == [0x07, 0x01])
        let dictionary = try await store.get(Bytes([0xFD] + Array(Tuple(0, "dictionary", 1, 1).packed)))
        #expect(dictionary.map { Array($0.prefix(4)) } == [0x37, 0xA4, 0x30, 0xEC])
        #expect(try await store.get(Bytes([0xFD] + Array(Tuple(0, "dictionary", 1).packed))) == Tuple(1).packed)
    }
}
