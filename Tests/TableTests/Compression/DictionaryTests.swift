import KVDS
import KVDSCompression
import KVDSRecords
import KVDSTesting
import TestSupport
import Testing

@Suite("Dictionaries of tables", .timeLimit(.minutes(5)))
struct DictionaryTests {
    private static let training = DictionaryTraining(capacity: 16_384)

    @Test("a dictionary halves records of 100 bytes, which are hardly smaller without", arguments: TableStore.allCases)
    func small(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 1)
            let table = try await store.open(notes(.zstandard()))
            try await table.put(sentences.notes(0..<3_000, length: 100))
            let before = try await store.values().values.reduce(0) { $0 + $1.count }
            let trained = try await table.trainDictionary(Self.training)
            #expect(trained.version == 1 && trained.byteCount == 16_384 && trained.sampleCount == 3_000)
            let fresh = sentences.notes(0..<3_000, length: 100)
            try await table.put(fresh)
            #expect(try await table.records().collected() == fresh)
            let plain = fresh.reduce(0) { $0 + $1.text.utf8.count + 5 }
            let after = try await store.values().values.reduce(0) { $0 + $1.count }
            print(
                "100 bytes on \(kind): \(Double(before) / Double(plain)) without, \(Double(after) / Double(plain)) with"
            )
            #expect(before * 100 > plain * 80, "\(before) of \(plain) bytes without a dictionary")
            #expect(after * 100 < plain * 55, "\(after) of \(plain) bytes with a dictionary")
            #expect(trained.dictionaryBytes * 100 < trained.plainBytes * 55, "\(trained)")
            #expect(trained.compressedBytes * 100 > trained.plainBytes * 80, "\(trained)")
        }
    }

    @Test(
        "records of older dictionaries stay readable, and other programs read those of a new one",
        arguments: TableStore.allCases)
    func versions(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 2)
            let records = sentences.notes(0..<300)
            let table = try await store.open(notes(.zstandard()))
            let other = try await store.open(notes(.zstandard()))
            let reader = try await store.open(notes(.none))
            try await table.put(records[0..<100])
            #expect(try await table.trainDictionary(Self.training).version == 1)
            try await table.put(records[100..<200])
            #expect(try await table.trainDictionary(Self.training).version == 2)
            try await table.put(records[200..<300])
            #expect(try await store.get(store.dictionaryKey(nil)) == Tuple(2).packed)
            #expect(try await store.forms() == [.zstandard: 100, .zstandardWithDictionary: 200])
            #expect(try await store.values()[Tuple(150)].map { Array($0.prefix(2)) } == [1 << 2 | 3, 1])
            #expect(try await store.values()[Tuple(250)].map { Array($0.prefix(2)) } == [1 << 2 | 3, 2])
            // One that wrote without a dictionary uses the newest after it has read a record of it.
            try await other.put(records[0])
            #expect(try await store.forms()[.zstandard] == 100)
            #expect(try await other.get(299) == records[299])
            try await other.put(records[0])
            #expect(try await store.values()[Tuple(0)].map { Array($0.prefix(2)) } == [1 << 2 | 3, 2])
            #expect(try await other.get(150) == records[150])
            // Reading an older one does not bring it back.
            try await other.put(records[1])
            #expect(try await store.values()[Tuple(1)].map { Array($0.prefix(2)) } == [1 << 2 | 3, 2])
            for table in [table, other, reader, try await store.open(notes(.lz4()))] {
                #expect(try await table.records().collected() == records)
            }
            // Reading is not writing.
            try await reader.put(records[2])
            #expect(try await store.forms()[.plain] == 1)
        }
    }

    // A record that did not fit left the context of Zstandard in the middle of a frame. The context then kept its old
    // dictionary, so the next records could not be read.
    @Test("a record that does not become shorter does not affect those after it", arguments: TableStore.allCases)
    func incompressible(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 7)
            let noise = Note(1_000, "", data: sentences.noise(500))
            let records = sentences.notes(0..<200, length: 100)
            let table = try await store.open(notes(.zstandard()))
            let other = try await store.open(notes(.zstandard()))
            try await table.put(records)
            for version in 1...3 {
                try await other.put(noise)
                // Another capacity, because the same records make the same dictionary.
                try await table.trainDictionary(DictionaryTraining(capacity: 4_096 * version))
                try await table.put(records)
                // The other program learns of the new dictionary, and its next record is compressed with it.
                _ = try await other.get(100)
                try await other.put(records[version])
                let values = try await store.values()
                for id in 0..<200 { #expect(values[Tuple(id)].map { Array($0.prefix(2)) } == [7, UInt8(version)]) }
                #expect(try await store.open(notes(.none)).records().collected() == records + [noise])
            }
        }
    }

    @Test(
        "a snapshot, a transaction and a batch read and write records of a dictionary", arguments: TableStore.allCases)
    func views(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 3)
            let records = sentences.notes(0..<100)
            let (table, other) = (try await store.open(notes(.zstandard())), try await store.open(notes(.zstandard())))
            try await table.put(records)
            try await table.trainDictionary(Self.training)
            try await table.put(records)
            try await store.withSnapshot { snapshot async throws in
                #expect(try await other.reader(of: snapshot).records().collected() == records)
            }
            let third = try await store.open(notes(.none))
            try await store.withTransaction { tx in
                #expect(try await tx[third].get(7) == records[7])
                try await tx[other].update(8) { $0.text += " It has changed." }
            }
            var batch = WriteBatch()
            try await other.put(records[9], in: &batch)
            #expect(try await store.commit(batch).isCommitted)
            #expect(try await store.forms() == [.plain: 0, .zstandardWithDictionary: 100].filter { $0.value > 0 })
            #expect(try await table.get(8)?.text == records[8].text + " It has changed.")
        }
    }

    @Test("a record whose dictionary is missing or damaged throws .corrupt", arguments: TableStore.allCases)
    func missing(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 4)
            let records = sentences.notes(0..<200)
            let table = try await store.open(notes(.zstandard()))
            try await table.put(records)
            try await table.trainDictionary(Self.training)
            try await table.put(records[0..<100])
            let key = store.dictionaryKey(1)
            let dictionary = try #require(try await store.get(key))

            try await store.delete(key)
            let missing = try await storeError { _ = try await store.open(notes(.none)).get(1) }
            #expect(missing?.code == .corrupt)
            #expect(missing?.message.contains("table notes needs version 1 of its dictionary") == true)
            let writer = try await storeError { _ = try await store.open(notes(.zstandard())) }
            #expect(writer?.code == .corrupt, "the newest dictionary is needed to write")
            #expect(try await store.open(notes(.none)).get(150) == records[150])

            // Other content under the same id decompresses to other bytes, which the checksum of a record finds.
            var others = Array(dictionary)
            others.replaceSubrange(8_000..., with: others[8_000...].reversed())
            for damaged in [
                Bytes(), Bytes("text"), dictionary.slice(1..<9_000), dictionary.slice(0..<60), Bytes(others),
            ] {
                try await store.set(key, to: damaged)
                let reader = try await store.open(notes(.none))
                var failed = 0
                for id in 0..<100 {
                    do {
                        #expect(try await reader.get(id) == records[id])
                    } catch let error as StoreError {
                        #expect(error.code == .corrupt, "\(error)")
                        failed += 1
                    }
                }
                #expect(failed > 0)
            }

            try await store.set(store.dictionaryKey(nil), to: "x")
            #expect(try await code { _ = try await store.open(notes(.zstandard())) } == .corrupt)
            try await store.set(store.dictionaryKey(nil), to: Tuple(-1).packed)
            #expect(try await code { _ = try await table.trainDictionary(Self.training) } == .corrupt)
        }
    }

    @Test(
        "too few records, or too short ones, make no dictionary, and nothing is written", arguments: TableStore.allCases
    )
    func few(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 5)
            let table = try await store.open(notes(.zstandard()))
            let none = try await storeError { try await table.trainDictionary() }
            #expect(none?.code == .cannotTrain)
            #expect(none?.message.contains("at least 7 records, and the table notes gave 0") == true)
            #expect(try await store.entries().collected().isEmpty)
            try await table.put(sentences.notes(0..<6))
            let six = try await storeError { try await table.trainDictionary() }
            #expect(six?.code == .cannotTrain)
            #expect(six?.message.contains("at least 7 records, and the table notes gave 6") == true)
            try await table.put(sentences.notes(6..<50))
            let fewer = DictionaryTraining(sampleCount: 6)
            #expect(try await code { try await table.trainDictionary(fewer) } == .cannotTrain)
            #expect(
                try await code { try await table.trainDictionary(DictionaryTraining(sampleCount: -1)) } == .cannotTrain)
            #expect(try await store.get(store.dictionaryKey(nil)) == nil)
            for other in [plainNotes, notes(.lz4()), notes(.none)] {
                let table = try await store.open(other)
                #expect(try await code { try await table.trainDictionary() } == .notSupported)
            }
            // Limits that make no sense are corrected.
            let odd = DictionaryTraining(capacity: -1, sampleCount: .max, sampleBytes: -1)
            #expect(try await table.trainDictionary(odd).sampleCount == 7)
        }
    }

    @Test("programs that make dictionaries at once get versions of their own", arguments: TableStore.allCases)
    func racing(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 6)
            let records = sentences.notes(0..<100)
            try await store.open(notes(.zstandard())).put(records)
            // All four have found that there is no dictionary when the first of them adds one.
            let store = RendezvousStore(store, commits: 4)
            let versions = try await withThrowingTaskGroup { group in
                for task in 0..<4 {
                    group.addTask {
                        let table = try await store.open(notes(.zstandard()))
                        let version = try await table.trainDictionary(DictionaryTraining(capacity: 300)).version
                        try await table.put(records[task * 25..<task * 25 + 25])
                        return version
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(versions.sorted() == [1, 2, 3, 4])
            #expect(try await store.open(notes(.none)).records().collected() == records)
        }
    }
}
