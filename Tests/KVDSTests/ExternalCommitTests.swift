import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("Commits that another process makes", .timeLimit(.minutes(2)))
struct ExternalCommitTests {
    private typealias Store = EmbeddedStore<AdjustedMemoryEngine>

    private static func open() async throws -> Store {
        try await Store.open("shared:") { AdjustedMemoryEngine(isShared: true) }
    }

    /// Commits like another process: bypassing the store, between two of its own commits.
    private static func commitElsewhere(_ key: Bytes, to store: Store) async throws {
        let thread = try #require(store.thread)
        try await thread.run { () throws(EngineError) in
            let transaction = try store.engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
            try transaction.set(key, to: "elsewhere")
            _ = try transaction.commit(transaction.revision.next, .volatile)
        }
    }

    /// Subscribes, makes another process commit while the subscriber waits, and returns the event.
    private static func nextOfWaiting(_ store: Store) async throws -> ChangeEvent? {
        let subscription = StoreConformance.Subscription(store.changes(in: .prefix("own")))
        let next = WatchedCall { try? await subscription.next() }
        defer { next.cancel() }
        #expect(await soon { store.feed.state.withLock { $0.waiting.count } == 1 }, "the subscriber waits")
        try await commitElsewhere("k", to: store)
        return await next.outcome() ?? nil
    }

    @Test("a subscriber receives another process's commit as a gap, without a commit by this process")
    func gap() async throws {
        let store = try await Self.open()
        #expect(try await Self.nextOfWaiting(store) == .gap(from: .zero, to: Revision(rawValue: 1)))
        try await store.close()
    }

    @Test("external commits are polled while there are subscribers, and again for new subscribers")
    func polledAgain() async throws {
        let store = try await Self.open()
        for round in 0..<2 as Range<UInt64> {
            let gap = ChangeEvent.gap(from: Revision(rawValue: round), to: Revision(rawValue: round + 1))
            #expect(try await Self.nextOfWaiting(store) == gap)
            #expect(await soon { store.feed.state.withLock { !$0.isPolled } }, "nobody polls any more")
        }
        try await store.close()
    }

    @Test("an observation delivers another process's commit made before it begins to wait")
    func observed() async throws {
        let store = try await Self.open()
        let states = ObservedStates(store.observe())
        #expect(try await states.next() == [])
        try await Self.commitElsewhere("k", to: store)
        let second: [Entry]? = await WatchedCall { try? await states.next() }.outcome() ?? nil
        #expect(second == [Entry(key: "k", value: "elsewhere")])
        try await store.close()
    }
}
