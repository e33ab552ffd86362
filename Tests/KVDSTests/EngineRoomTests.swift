import Testing

@testable import KVDS

/// LMDB's map must grow occasionally, also because another process has enlarged the file. No caller may notice.
@Suite("An engine that needs room", .timeLimit(.minutes(1)))
struct EngineRoomTests {
    private func withNarrowStore(
        _ body: (EmbeddedStore<WatchedEngine>, _ fill: () -> Void) async throws -> Void
    ) async throws -> EngineNotes.State {
        let notes = EngineNotes()
        let store = try await WatchedEngine.open(notes)
        try await store.write { batch in for number in 0..<3 { batch.set(Bytes("\(number)"), to: "a value") } }
        try await body(store) { notes.change { $0.mapFull = true } }
        try await store.close()
        return notes.seen
    }

    @Test("an engine that needs room for a commit grows once, and the commit succeeds")
    func commit() async throws {
        let seen = try await withNarrowStore { store, fill in
            fill()
            let result = try await store.set("a", to: "1")
            #expect(result.revision == Revision(rawValue: 2))
            let value = try await store.get("a")
            #expect(value == "1")
        }
        #expect(seen.rooms == [true] && seen.wrongs == [])
    }

    @Test("a batch that fills the engine halfway is undone and made again with more room")
    func middle() async throws {
        let notes = EngineNotes()
        let store = try await WatchedEngine.open(notes)
        notes.change { $0.setsNeedRoom = true }
        try await store.set("a", to: "1")
        #expect(notes.seen.rooms == [true])
        #expect(notes.seen.begun == 2 && notes.seen.ended == 2)
        try await store.close()
    }

    @Test("gets, exists calls, snapshots and scans adopt the room that another process has made")
    func reads() async throws {
        let seen = try await withNarrowStore { store, fill in
            fill()
            #expect(try await store.get("1") == "a value")
            fill()
            #expect(try await store.exists("2"))
            let snapshot = try await store.snapshot()
            fill()
            #expect(try await snapshot.get("1") == "a value")
            snapshot.close()
            fill()
            let late = try await store.snapshot()
            late.close()
            fill()
            var keys: [Bytes] = []
            for try await entry in store.entries() { keys.append(entry.key) }
            #expect(keys == ["0", "1", "2"])
        }
        #expect(seen.rooms == Array(repeating: false, count: 5) && seen.wrongs == [])
    }
}
