import Foundation
import KVDS
import KVDSCompression
import KVDSRecords
import KVDSTesting
import TestSupport
import Testing

@Suite("Damaged compressed records", .timeLimit(.minutes(5)))
struct DamagedCompressionTests {
    @Test("a compressed record that is cut or changed anywhere throws, or is read", arguments: TableStore.allCases)
    func damaged(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 1)
            let records = sentences.notes(0..<60)
            let table = try await store.open(notes(.zstandard()))
            try await store.open(notes(.lz4())).put(records[0])
            try await table.put(records[1..<60])
            try await table.trainDictionary(DictionaryTraining(capacity: 1_000))
            try await table.put(records[2])
            try await table.put(Note(3, "", data: Data(count: 5_000)))
            var random = SplitMix64(seed: 1)
            for id in 0..<4 {
                let value = try #require(try await store.values()[Tuple(id)])
                let key = Bytes([0xFD, 0x15, 1, 0x14] + Array(Tuple(id).packed))
                var damaged = (0..<value.count).map { value.slice(0..<$0) }
                for index in 0..<value.count {
                    var bytes = Array(value)
                    bytes[index] ^= UInt8(1 + random.next() % 255)
                    damaged.append(Bytes(bytes))
                    bytes[index] = value[index] ^ 1 << UInt8(random.next() % 8)
                    damaged.append(Bytes(bytes))
                }
                damaged.append(Bytes(Array(value) + [0]))
                damaged.append(Bytes(Array(value) + Array(value)))
                var failed = 0
                for bytes in damaged {
                    try await store.set(key, to: bytes)
                    let error = try await storeError { _ = try await table.get(id) }
                    if let error {
                        failed += 1
                        #expect(error.code == .corrupt || error.code == .incompatibleSchema, "\(error)")
                    }
                }
                print("\(kind): \(failed) of \(damaged.count) damaged values of record \(id) were refused")
                #expect(failed > value.count)
                try await store.set(key, to: value)
                _ = try await table.get(id)
            }
        }
    }

    @Test("a size that so few bytes cannot have is refused before memory is allocated for it")
    func sizes() throws {
        let codec = Compression.zstandard().codec
        func size(_ content: [UInt8], _ form: RecordForm, _ size: Int = 0) throws -> Int? {
            do throws(StoreError) {
                return try codec.decompress(Bytes(content), as: form, size: size, with: nil).count
            } catch {
                #expect(error.code == .corrupt)
                return nil
            }
        }
        // A block of LZ4 of one run of 1,000 zeros, which is 11 bytes long.
        let run: [UInt8] = [0x1F, 0, 1, 0] + [255, 255, 255] + [214, 0x50, 0, 0, 0, 0, 0]
        #expect(try size(run, .lz4, 1_004) == 1_004)
        for wrong in [-1, 0, 1, 1_003, 1_005, 255 * run.count + 1, 1 << 31, .max] {
            #expect(try size(run, .lz4, wrong) == nil)
        }
        #expect(try size([], .lz4, 0) == nil)
        // A frame with a size of eight bytes, and one block that repeats a byte.
        func frame(_ claimed: UInt64, _ count: Int) -> [UInt8] {
            [0xE0] + (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) }
                + [
                    UInt8(truncatingIfNeeded: count << 3 | 3), UInt8(truncatingIfNeeded: count >> 5),
                    UInt8(count >> 13), 0,
                ]
        }
        #expect(try size(frame(3_000, 3_000), .zstandard) == 3_000)
        #expect(try size(frame(13 * 255, 13 * 255), .zstandard) == 13 * 255)
        #expect(try size(frame(13 * 255 + 1, 13 * 255 + 1), .zstandard) == nil, "it could be right, but is not written")
        for wrong: UInt64 in [0, 2_999, 3_001, 1 << 31, 1 << 63, .max] {
            #expect(try size(frame(wrong, 3_000), .zstandard) == nil)
        }
        // No size at all, a second frame, and none.
        #expect(try size([0x00, 0x58, 0x01, 0, 0], .zstandard) == nil)
        #expect(try size(frame(9, 9) + [0x28, 0xB5, 0x2F, 0xFD] + frame(9, 9), .zstandard) == nil)
        #expect(try size(frame(9, 9) + [0], .zstandard) == nil)
        // A frame that a decompressor is to skip.
        #expect(try size(frame(9, 9) + [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0], .zstandard) == nil)
        #expect(try size([], .zstandard) == nil)
    }
}
