import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("Commits that another process makes", .timeLimit(.minutes(2)))
struct ExternalCommitTests {
    private typealias Store = EmbeddedStore<AdjustedMemoryEngine>

    private static func open() async throws -> Store {
        try await Store.open("shared:") { AdjustedMemoryEngine(isShared: true) }
    }

    /// Commits as another process does: past the store, between two commits of its own.
    private static func commitElsewhere(_ key: Bytes, to store: Store) async throws {
        let thread = try #require(store.thread)
        try await thread.run { () throws(StoreError) in
            let transaction = try store.engine.beginTransaction(readsOwnWrites: false, mayBlock: true)
            try transaction.set(key, to: "elsewhere")
            _ = try transaction.commit(transaction.revision.next, .volatile)
        }
    }

    /// Subscribes, lets another process commit once the subscriber waits, and returns what it is told.
    private static func nextOfWaiting(_ store: Store) async throws -> ChangeEvent? {
        let subscription = StoreConformance.Subscription(store.changes(in: .prefix("own")))
        let next = WatchedCall { try? await subscription.next() }
        defer { next.cancel() }
        #expect(await soon { store.feed.state.withLock { $0.waiting.count } == 1 }, "the subscriber waits")
        try await commitElsewhere("k", to: store)
        return await next.outcome() ?? nil
    }

    @Test("commits of another process are told as a gap, though this one commits nothing")
    func gap() async throws {
        let store = try await Self.open()
        #expect(try await Self.nextOfWaiting(store) == .gap(from: .zero, to: Revision(rawValue: 1)))
        try await store.close()
    }

    @Test("commits of others are looked for while there are subscribers, and again when some come")
    func lookedForAgain() async throws {
        let store = try await Self.open()
        for round in 0..<2 as Range<UInt64> {
            let gap = ChangeEvent.gap(from: Revision(rawValue: round), to: Revision(rawValue: round + 1))
            #expect(try await Self.nextOfWaiting(store) == gap)
            #expect(await soon { store.feed.state.withLock { !$0.isLookedAfter } }, "nobody looks any more")
        }
        try await store.close()
    }

    @Test("an observation shows what another process has committed before it waits for that")
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
