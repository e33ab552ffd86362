import Testing

@testable import KVDS

/// Closing a store waits for open snapshots. The tests therefore check for leaks first, and do not close the store if
/// there are any.
@Suite("The resources of a snapshot", .timeLimit(.minutes(1)))
struct SharedSnapshotTests {
    private static func filled() async throws -> MemoryStore {
        let store = MemoryStore()
        try await store.write { batch in
            for number in 0..<3_000 { batch.set(Bytes("\(100_000 + number)"), to: "a value of some length") }
        }
        return store
    }

    @Test("a closed snapshot holds nothing, whatever was read from it")
    func closed() async throws {
        let store = try await Self.filled()
        let snapshot = try await store.snapshot()
        #expect(try await snapshot.get("100007") != nil)
        #expect(try await snapshot.exists("100008"))
        for try await _ in snapshot.entries() {}
        for try await _ in snapshot.entries(order: .reverse) { break }
        #expect(store.openSnapshots.count == 1)
        snapshot.close()
        try #require(store.openSnapshots.count == 0)
        snapshot.close()
        try await store.close()
    }

    @Test("a dropped snapshot holds nothing")
    func dropped() async throws {
        let store = try await Self.filled()
        do {
            let snapshot = try await store.snapshot()
            #expect(try await snapshot.exists("100008"))
        }
        #expect(store.openSnapshots.count == 0)
        try await store.close()
    }

    @Test("a snapshot closed while its scans are open holds nothing, and the scans end")
    func openScans() async throws {
        let store = try await Self.filled()
        let snapshot = try await store.snapshot()
        var forward = snapshot.entries().makeAsyncIterator()
        var reverse = snapshot.entries(order: .reverse).makeAsyncIterator()
        _ = try await (forward.next(), reverse.next())
        snapshot.close()
        try #require(store.openSnapshots.count == 0)
        #expect(await answerCode { while try await forward.next() != nil {} } == "snapshotEnded")
        #expect(await answerCode { while try await reverse.next() != nil {} } == "snapshotEnded")
        try await store.close()
    }
}
