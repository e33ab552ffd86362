import Testing

@testable import KVDS

@Suite("How a store uses its engine", .timeLimit(.minutes(1)))
struct EngineUseTests {
    private let notes = EngineNotes()

    private static func key(_ number: Int) -> Bytes { Bytes("key/\(10_000 + number)") }

    /// Opens a store of several pages.
    private func filled() async throws -> EmbeddedStore<WatchedEngine> {
        let store = try await WatchedEngine.open(notes)
        try await store.write { batch in for number in 0..<1_000 { batch.set(Self.key(number), to: "a value") } }
        return store
    }

    @Test("work that may wait for a disk never runs on the thread of a task", arguments: [false, true])
    func threads(isCold: Bool) async throws {
        let store = try await filled()
        try await store.write(durability: .buffered) { $0.set("a", to: "1") }
        notes.change { $0.isCold = isCold }
        #expect(try await store.get("a") == "1")
        #expect(try await store.exists("a"))
        let length = try await store.withValue(for: "a") { (bytes: RawSpan) in bytes.byteCount }
        #expect(length == 1)
        let snapshot = try await store.snapshot()
        #expect(try await snapshot.get("a") == "1")
        #expect(try await snapshot.exists("none") == false)
        var count = 0
        for try await _ in store.entries() { count += 1 }
        for try await _ in snapshot.entries(order: .reverse) { count += 1 }
        #expect(count == 2 * 1_001)
        #expect(try await store.verify { _ in } == 1_001)
        try await store.write(durability: .buffered) { $0.set("b", to: "1") }
        try await store.write(durability: .durable) { $0.set("c", to: "1") }
        #expect(try await store.get(["b", "c"]) == ["1", "1"])
        snapshot.close()
        try await store.close()
        #expect(notes.seen.wrongs == [])
        #expect((notes.seen.refusals > 0) == isCold)
    }

    @Test("the engine gets the durability of the batch, or else that of the store")
    func durability() async throws {
        for standard in [Durability.buffered, .durable] {
            let notes = EngineNotes()
            let store = try await WatchedEngine.open(notes, durability: standard)
            for wanted in [Durability.buffered, .durable, nil] {
                let result = try await store.write(durability: wanted) { $0.set("a", to: "1") }
                let revision = try #require(result.revision)
                let expected = wanted ?? standard
                #expect(notes.seen.commits.last == EngineNotes.Commit(revision: revision, durability: expected))
                #expect(result == .committed(revision: revision, durability: expected))
            }
            #expect(try await store.statistics().syncs == (standard == .durable ? 2 : 1))
            try await store.close()
            #expect(notes.seen.wrongs == [])
        }
    }

    @Test("an engine transaction that fails or changes nothing is aborted")
    func aborting() async throws {
        let store = try await WatchedEngine.open(notes)
        notes.change { $0.failingKey = "bad" }
        #expect(await answerCode { try await store.set("bad", to: "1") } == "ioFailure")
        #expect(notes.seen.begun == 1 && notes.seen.ended == 1)
        #expect(try await store.setIfAbsent("a", to: "1"))
        #expect(try await store.setIfAbsent("a", to: "2") == false)
        #expect(notes.seen.begun == 3 && notes.seen.ended == 3)
        try await store.close()
        #expect(notes.seen.wrongs == [])
    }

    @Test("a batch of conditions only makes no commit and does not claim to be synced")
    func conditionsAlone() async throws {
        let store = try await WatchedEngine.open(notes)
        try await store.write(durability: .buffered) { $0.set("a", to: "1") }
        let result = try await store.write { $0.require(.present("a")) }
        #expect(result == .committed(revision: Revision(rawValue: 1), durability: .buffered))
        #expect(notes.seen.commits.count == 1)
        try await store.close()
    }

    @Test("a cursor is released before its snapshot, and both before the engine is closed")
    func order() async throws {
        let store = try await filled()
        var scan = store.entries().makeAsyncIterator()
        let snapshot = try await store.snapshot()
        var other = snapshot.entries().makeAsyncIterator()
        _ = try await (scan.next(), other.next())
        for try await _ in store.entries() {}
        for try await _ in snapshot.entries() { break }
        #expect(notes.seen.snapshots == 2)
        try await store.close()
        #expect(notes.seen.snapshots == 0)
        #expect(notes.seen.wrongs == [])
        #expect(!snapshot.isOpen)
    }

    @Test("closing a snapshot releases the engine's snapshot, even while the closed one is held")
    func closedSnapshot() async throws {
        let store = try await filled()
        let snapshot = try await store.snapshot()
        #expect(notes.seen.snapshots == 1)
        snapshot.close()
        #expect(notes.seen.snapshots == 0)
        #expect(!snapshot.isOpen)
        try await store.close()
    }

    @Test("a scan whose cursor cannot be made throws and holds no snapshot")
    func noCursor() async throws {
        let store = try await filled()
        notes.change { $0.failsCursors = true }
        var scan = store.entries().makeAsyncIterator()
        #expect(await answerCode { _ = try await scan.next() } == "ioFailure")
        // Closing would wait for a remaining snapshot.
        try #require(store.openSnapshots.count == 0)
        #expect(notes.seen.snapshots == 0)
        try await store.close()
    }

    @Test("a durable batch that arrives during an inline buffered commit is committed after it")
    func behindOneInPlace() async throws {
        let store = try await WatchedEngine.open(notes)
        var batch = WriteBatch()
        batch.set("durable", to: "1")
        let durable = batch
        let queued = WatchedCall {
            await withCheckedContinuation { (caller: CommitQueueStateMachine.Caller) in
                let request = CommitQueueStateMachine.Request(batch: durable, caller: caller)
                notes.change { $0.whenBegun = { _ = store.queue.admit(request) } }
            }
        }
        #expect(await soon { notes.seen.whenBegun != nil })
        let first = try await store.write(durability: .buffered) { $0.set("buffered", to: "1") }
        let result = try #require(await queued.outcome(), "nobody has committed it")
        #expect(first.revision == Revision(rawValue: 1))
        #expect(try result.get().revision == Revision(rawValue: 2))
        try await store.close()
        #expect(notes.seen.wrongs == [])
    }
}
