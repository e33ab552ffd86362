import Testing

@testable import KVDS

/// Commits that are made on the actor, and what happens when their engine sends a signal.
@Suite("Inline commits and signals", .timeLimit(.minutes(1)))
struct InlineCommitTests {
    private let notes = EngineNotes()
    private static let unknown = EngineError.failed(StoreError(.outcomeUnknown, "The disk did not answer."))

    @Test("an inline commit with an unknown outcome makes the store refuse later writes")
    func unknownOutcome() async throws {
        let store = try await WatchedEngine.open(notes, durability: .buffered)
        notes.change { $0.commitError = Self.unknown }
        #expect(await answerCode { try await store.set("a", to: "1") } == "outcomeUnknown")
        #expect(await answerCode { try await store.set("b", to: "1") } == "writesRefused")
        #expect(
            await answerCode { try await store.write(durability: .durable) { $0.set("c", to: "1") } } == "writesRefused"
        )
        #expect(notes.seen.begun == 1)
        try await store.close()
    }

    @Test("an inline commit that finds no room is made on the store's thread, after the engine has grown")
    func room() async throws {
        let store = try await WatchedEngine.open(notes, durability: .buffered)
        notes.change { $0.setsNeedRoom = true }
        let result = try await store.set("a", to: "1")
        #expect(result.revision == Revision(rawValue: 1))
        #expect(notes.seen.rooms == [true])
        try await store.close()
        #expect(notes.seen.wrongs == [])
    }

    @Test("a store without a thread grows its engine and repeats the commit")
    func withoutThread() async throws {
        let notes = EngineNotes()
        let store = try await EmbeddedStore.open("inline:") { ThreadlessEngine(WatchedEngine(notes)) }
        notes.change { $0.setsNeedRoom = true }
        let results = try await withThrowingTaskGroup(of: CommitResult.self) { tasks in
            for number in 0..<8 { tasks.addTask { try await store.set(Bytes("\(number)"), to: "1") } }
            return try await tasks.reduce(into: Set<Revision?>()) { $0.insert($1.revision) }
        }
        #expect(results.count == 8)
        #expect(notes.seen.rooms == [true])
        #expect(notes.seen.begun == notes.seen.ended)
        try await store.close()
    }

    @Test("a commit throws .busy if the engine refuses it even where it may wait, and can be repeated")
    func stall() async throws {
        let store = try await WatchedEngine.open(notes)
        notes.change { $0.beginError = .wouldBlock }
        #expect(await answerCode { try await store.set("a", to: "1") } == "busy")
        try await store.set("a", to: "2")
        #expect(try await store.get("a") == "2")
        try await store.close()
    }

    @Test("the pages of a cursor are read until its reader stops, or until its end")
    func pages() throws {
        let engine = MemoryEngine()
        let transaction = try engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
        for number in 0..<9_000 { try transaction.set(Bytes("\(10_000 + number)"), to: "a value of some length") }
        _ = try transaction.commit(Revision(rawValue: 1), .volatile)
        let snapshot = try engine.makeSnapshot()
        var counts: [Int] = []
        try snapshot.makeCursor(in: .all, order: .forward).forEachPage { page in
            counts.append(page.count)
            return counts.count < 2
        }
        #expect(counts.count == 2)
        var count = 0
        try snapshot.makeCursor(in: .all, order: .forward).forEachPage { page in
            count += page.count
            return true
        }
        #expect(count == 9_000)
    }
}

/// An engine whose store has no thread.
private final class ThreadlessEngine: StorageEngine {
    private let base: WatchedEngine

    init(_ base: WatchedEngine) { self.base = base }

    static var needsThread: Bool { false }
    var limits: StoreLimits { base.limits }
    func makeSnapshot() throws(EngineError) -> WatchedSnapshot { try base.makeSnapshot() }
    func grow(forWriting: Bool) throws(StoreError) { try base.grow(forWriting: forWriting) }
    func inspect() throws(EngineError) -> EngineStatistics { try base.inspect() }
    func close() throws(StoreError) { try base.close() }

    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? { try base.base.get(key, mayBlock: mayBlock) }
    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try base.base.read(key, mayBlock: mayBlock, body)
    }

    func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> WatchedTransaction {
        try base.beginTransaction(readsOwnWrites: readsOwnWrites, mayBlock: false)
    }
}
