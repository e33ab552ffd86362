import Foundation
import KVDS
import KVDSCompression
import KVDSRecords
import KVDSTesting
import TestSupport
import Testing

@Suite("The size of compressed tables", .timeLimit(.minutes(10)))
struct CompressedSizeTests {
    /// The size of the file of an LMDB store with records of about 200 bytes of text.
    private func size(_ count: Int, _ compression: Compression, dictionary: DictionaryTraining? = nil) async throws
        -> Int
    {
        try await withTemporaryDirectory { path in
            let store = try await DiskBackend.lmdb.open("\(path)/store", durability: .buffered)
            let table = try await store.open(notes(compression))
            var sentences = Sentences(seed: 1)
            // The dictionary is made from other records than those that are written afterwards.
            if let dictionary {
                try await table.put(sentences.notes(0..<min(count, 10_000)))
                try await table.trainDictionary(dictionary)
                try await table.deleteAll()
            }
            sentences = Sentences(seed: 2)
            for first in stride(from: 0, to: count, by: 1_000) {
                try await table.put(sentences.notes(first..<min(count, first + 1_000)))
            }
            #expect(try await table.count() == count)
            try await store.close()
            return try contents(of: "\(path)/store").values.map(\.count).max() ?? 0
        }
    }

    @Test("with a dictionary, texts of 200 bytes take at most 0.45 of their file's size", .enabled(if: takesLong))
    func large() async throws {
        let count = 200_000
        let plain = try await size(count, .none)
        for (name, compression, dictionary) in [
            ("lz4", Compression.lz4(), nil), ("zstandard 3", .zstandard(), nil),
            ("zstandard 3 with a dictionary", .zstandard(), DictionaryTraining()),
            ("zstandard 19 with a dictionary", .zstandard(level: 19), DictionaryTraining()),
        ] {
            let began = ContinuousClock.now
            let size = try await size(count, compression, dictionary: dictionary)
            let ratio = Double(size) / Double(plain)
            print("\(count) texts, \(name): \(size) of \(plain) bytes, \(ratio), in \(ContinuousClock.now - began)")
            if dictionary != nil { #expect(ratio <= 0.45, "\(name)") }
        }
    }
}
