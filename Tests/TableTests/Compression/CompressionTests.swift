import Foundation
import KVDS
import KVDSCompression
import KVDSRecords
import TestSupport
import Testing

@Suite("Compressed tables", .timeLimit(.minutes(5)))
struct CompressionTests {
    /// New codecs of all kinds, with the forms that they write.
    private static var all: [(RecordForm, Compression)] {
        [
            (.plain, .none), (.plain, .lz4(minimumSize: .max)), (.lz4, .lz4()), (.lz4, .lz4(level: 9)),
            (.zstandard, .zstandard()),
            (.zstandard, .zstandard(level: -5)), (.zstandard, .zstandard(level: 99, minimumSize: -1)),
        ]
    }

    @Test("records of all sizes are read as they were compressed", arguments: TableStore.allCases)
    func sizes(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 1)
            var records = (0..<130).map { Note($0, String(repeating: "ab", count: $0 / 2)) }
            records += [3_000, 70_000, 1_000_000].enumerated().map { Note(200 + $0, sentences.text($1)) }
            records += [10, 100, 50_000].enumerated().map { Note(300 + $0, "", data: sentences.noise($1)) }
            records += [100, 300_000].enumerated().map { Note(400 + $0, "", data: Data(count: $1)) }
            for (form, compression) in Self.all {
                let table = try await store.open(notes(compression))
                try await table.put(records)
                #expect(try await table.records().collected() == records)
                #expect(try await table.get(200) == records.first { $0.id == 200 })
                #expect(try await table.get(keys: [Tuple(401)]).first??.data == Data(count: 300_000))
                try await table.update(201) { $0.text += "!" }
                #expect(try await table.get(201)?.text.last == "!")
                let forms = try await store.forms()
                #expect(form == .plain || forms[form, default: 0] > 60, "\(forms)")
                #expect(forms[.plain, default: 0] > 2, "\(forms)")
            }
        }
    }

    @Test("a record below the minimum size, and one that does not become shorter, is stored without compression")
    func minimum() async throws {
        for (form, compression) in [
            (RecordForm.lz4, Compression.lz4(minimumSize: 500)), (.zstandard, .zstandard(minimumSize: 500)),
        ] {
            let store = MemoryStore()
            let table = try await store.open(notes(compression))
            var sentences = Sentences(seed: 2)
            // The bitmap, the id and the length of the text take four bytes.
            try await table.put(Note(0, String(repeating: "x", count: 495)))
            try await table.put(Note(1, "", data: sentences.noise(10_000)))
            #expect(try await store.forms() == [.plain: 2])
            try await table.put(Note(2, String(repeating: "x", count: 496)))
            #expect(try await store.forms() == [.plain: 2, form: 1])
            let plain = try await MemoryStore().sizeOfValue(Note(1, "", data: sentences.noise(10_000)))
            #expect(try await store.values()[Tuple(1)]?.count == plain)
        }
    }

    @Test("a table reads compressed records of every form, whatever it declares", arguments: TableStore.allCases)
    func mixed(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 3)
            let records = sentences.notes(0..<40, length: 500)
            try await store.open(plainNotes).put(records[0..<10])
            try await store.open(notes(.lz4())).put(records[10..<20])
            try await store.open(notes(.zstandard())).put(records[20..<30])
            let table = try await store.open(notes(.zstandard()))
            try await table.trainDictionary(DictionaryTraining(capacity: 1_000))
            try await table.put(records[30..<40])
            let forms = try await store.forms()
            #expect(forms == [.plain: 10, .lz4: 10, .zstandard: 10, .zstandardWithDictionary: 10])
            for (_, compression) in Self.all {
                let table = try await store.open(notes(compression))
                #expect(try await table.records().collected() == records)
                let old = try await store.open(notes(compression))
                #expect(try await old.get(35) == records[35])
            }
        }
    }

    @Test(
        "a program without compression reads plain records, and throws .missingCompression for others",
        arguments: TableStore.allCases)
    func missing(_ kind: TableStore) async throws {
        try await kind.with { store in
            var sentences = Sentences(seed: 4)
            let records = sentences.notes(0..<20)
            let table = try await store.open(notes(.zstandard()))
            try await table.put(records[0..<19])
            try await table.trainDictionary(DictionaryTraining(capacity: 500))
            try await table.put(records[1])
            try await store.open(notes(.lz4())).put(records[2])
            let plain = try await store.open(plainNotes)
            try await plain.put(records[19])
            #expect(try await plain.get(19) == records[19])
            for id in 0..<3 {
                let error = try await storeError { _ = try await plain.get(id) }
                #expect(error?.code == .missingCompression)
                #expect(error?.message.contains("table notes is compressed") == true)
                #expect(error?.message.contains("Import KVDSCompression") == true)
            }
            #expect(try await code { _ = try await plain.records().collected() } == .missingCompression)
            #expect(try await plain.count() == 20)
            // It may replace what it cannot read.
            try await plain.put(records[0])
            #expect(try await table.records().collected() == records)
        }
    }

    @Test("equal records have equal bytes, also from another codec of the same level")
    func equal() async throws {
        for index in Self.all.indices.dropLast() {
            var values: [[Tuple: Bytes]] = []
            for _ in 0..<2 {
                let compression = Self.all[index].1
                var sentences = Sentences(seed: 5)
                let store = MemoryStore()
                let table = try await store.open(notes(compression))
                let records = sentences.notes(0..<50, length: 2_000)
                try await table.put(values.isEmpty ? records : records.reversed())
                values.append(try await store.values())
            }
            #expect(values[0] == values[1])
        }
    }

    @Test("many tasks compress and decompress at once, and each gets its own records", arguments: TableStore.allCases)
    func tasks(_ kind: TableStore) async throws {
        try await kind.with { store in
            let table = try await store.open(notes(.zstandard(minimumSize: 0)))
            try await withThrowingTaskGroup { group in
                for task in 0..<8 {
                    group.addTask {
                        var sentences = Sentences(seed: UInt64(task))
                        for note in sentences.notes(task * 100..<task * 100 + 50) {
                            try await table.put(note)
                            #expect(try await table.get(note.id) == note)
                        }
                        if task == 0 { try await table.trainDictionary(DictionaryTraining(capacity: 1_000)) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await table.records().collected().count == 400)
        }
    }
}

extension KeyValueStore {
    /// The size of the value of a note that is not compressed.
    fileprivate func sizeOfValue(_ note: Note) async throws -> Int? {
        try await open(plainNotes).put(note)
        return try await values()[Tuple(note.id)]?.count
    }
}
