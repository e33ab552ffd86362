import Testing

@testable import KVDS

@Suite("ChangeRecorder")
struct ChangeRecorderTests {
    private static func record(
        _ batches: [WriteBatch], in engine: MemoryEngine, previousValues: Bool
    ) throws -> ChangeRecorder {
        let transaction = try engine.begin()
        defer { transaction.abort() }
        var recorder: ChangeRecorder? = ChangeRecorder(after: transaction.revision, readsPrevious: previousValues)
        _ = try GroupCommit.fold(batches, into: transaction, standard: .volatile, recorder: &recorder)
        return try #require(recorder)
    }

    private static func bytes(_ count: Int) -> Bytes { Bytes(Array(repeating: 7, count: count)) }

    @Test("each commit of a group records its own changes and the revision that it follows")
    func each() throws {
        let engine = MemoryEngine()
        try engine.write { batch in for key: Bytes in ["a1", "a2", "b1", "b2"] { batch.set(key, to: "v") } }
        var (first, second) = (WriteBatch(), WriteBatch())
        first.delete(in: KeyRange.prefix("a"))
        second.delete(in: KeyRange.prefix("b"))
        let recorder = try Self.record([first, second], in: engine, previousValues: false)
        let records = [recorder.first].compactMap { $0 } + recorder.others
        #expect(records.map { $0.changes.map(\.key) } == [["a1", "a2"], ["b1", "b2"]])
        #expect(records.map(\.after.rawValue) == [1, 2])
        #expect(records.map(\.revision.rawValue) == [2, 3])
    }

    @Test("recorded changes are in order and complete, and keep no page or block alive")
    func trimmed() throws {
        let engine = MemoryEngine()
        // More than two pages.
        try engine.write { batch in
            for number in 0..<1_000 {
                batch.set(Bytes("a key that is not inline \(10_000 + number)"), to: Self.bytes(100))
            }
        }
        let block = Self.bytes(1 << 16)
        var batch = WriteBatch()
        batch.delete(in: KeyRange.all)
        batch.set(block.slice(0..<20), to: block.slice(0..<100))
        let recorder = try Self.record([batch], in: engine, previousValues: true)
        let changes = try #require(recorder.first).changes
        #expect(changes.count == 1_001)
        #expect(zip(changes, changes.dropFirst()).allSatisfy { $0.key < $1.key })
        for change in changes {
            #expect(change.key.isTrimmed)
            #expect(change.value?.isTrimmed != false && change.previous?.isTrimmed != false)
        }
        #expect(changes.count { $0.previous == Self.bytes(100) } == 1_000)
    }

    @Test("a change record weighs previous values too, and delivers them only if asked for")
    func previousValues() throws {
        let engine = MemoryEngine()
        try engine.write { $0.set("a", to: Self.bytes(10_000)) }
        var batch = WriteBatch()
        batch.set("a", to: "1")
        let record = try #require(try Self.record([batch], in: engine, previousValues: true).first)
        #expect(record.weight > 10_000)
        let change = Change(key: "a", value: "1", previous: Self.bytes(10_000))
        #expect(record.event(in: .all, previousValues: true) == .commit(record.revision, [change]))
        #expect(
            record.event(in: .all, previousValues: false) == .commit(record.revision, [Change(key: "a", value: "1")]))
    }

    @Test("changes that the change log drops are freed at once")
    func forgotten() {
        func record(_ revision: UInt64, _ value: Bytes) -> ChangeRecord {
            ChangeRecord(
                after: Revision(rawValue: revision - 1), revision: Revision(rawValue: revision),
                mutations: [.set("k", value)])
        }
        weak var storage: ByteStorage?
        var log = ChangeLog(retention: ChangeRetention(maximumCommits: 1))
        do {
            let value = Self.bytes(1_000)
            storage = value.storage
            log.append(record(1, value))
        }
        #expect(storage != nil)
        log.append(record(2, "v"))
        #expect(storage == nil)
        #expect(log.count == 1)
    }
}
