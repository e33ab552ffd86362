import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("A subscription to the changes of a store", .timeLimit(.minutes(2)))
struct SubscriptionTests {
    @Test("a subscriber that resumes receives a gap at once, without another commit")
    func atOnce() async throws {
        let store = MemoryStore()
        for _ in 0..<3 { try await store.set("k", to: "v") }
        let back = StoreConformance.Subscription(store.changes(since: .zero))
        let event: ChangeEvent? = await WatchedCall { try? await back.next() }.outcome() ?? nil
        #expect(event == .gap(from: .zero, to: Revision(rawValue: 3)))
        try await store.close()
    }

    @Test("an error ends a subscription, and is thrown again by its next call")
    func errorAgain() async throws {
        let faults = Faults()
        let store = try await FaultyStore.open(faults)
        let back = StoreConformance.Subscription(store.changes(since: .zero))
        faults.fail(.begin, with: StoreError(.ioFailure, "The disk is tired."))
        for _ in 0..<2 { #expect(await answerCode { _ = try await back.next() } == "ioFailure") }
        #expect(store.feed.count == 0)
        try await store.close()
    }

    @Test(
        "a subscriber that resumes before the end receives the rest and then throws its reason",
        arguments: [true, false])
    func left(_ isClosed: Bool) async throws {
        let faults = Faults()
        let store = try await FaultyStore.open(faults)
        let keeper = store.changes().makeAsyncIterator()
        try await store.set("a", to: "1")
        let back = StoreConformance.Subscription(store.changes(since: .zero))
        if isClosed {
            try await store.close()
        } else {
            faults.fail(.committed, with: StoreError(.outcomeUnknown, "The disk is gone."))
            #expect(await answerCode { try await store.set("b", to: "1") } == "outcomeUnknown")
        }
        #expect(try await back.next() == .commit(Revision(rawValue: 1), [Change(key: "a", value: "1")]))
        #expect(await answerCode { _ = try await back.next() } == (isClosed ? "closed" : "writesRefused"))
        withExtendedLifetime(keeper) {}
        try await store.close()
    }

    @Test("when two copies of an iterator wait at once the second throws .busy, and both stay usable")
    func askedThroughCopies() async throws {
        let store = MemoryStore()
        let copies = Copies(store.changes().makeAsyncIterator())
        let first = WatchedCall { await copies.nextRevision() }
        #expect(await soon { store.feed.state.withLock { $0.waiting.count } == 1 }, "the first waits")
        var copy = copies.iterator
        let code = await answerCode { _ = try await copy.next() }
        #expect(code == "busy")
        try await store.set("a", to: "1")
        #expect(await first.outcome() == 1)
        try await store.set("b", to: "1")
        #expect(try await copy.next()?.revision.rawValue == 2)
        try await store.close()
    }

    /// An iterator that several tasks copy.
    ///
    /// `@unchecked Sendable` is correct because the copies are separate and their shared state is thread-safe.
    private struct Copies: @unchecked Sendable {
        let iterator: Changes.Iterator

        init(_ iterator: Changes.Iterator) { self.iterator = iterator }

        func nextRevision() async -> UInt64? {
            var copy = iterator
            return try? await copy.next()?.revision.rawValue
        }
    }

    @Test("a second task that uses a subscription at the same time throws .busy")
    func askedTwice() async throws {
        let store = MemoryStore()
        let source = store.changes().makeSource()
        let first = WatchedCall { try? await source.nextEvents() }
        #expect(await soon { store.feed.state.withLock { $0.waiting.count } == 1 }, "the first waits")
        let second = WatchedCall { await answerCode { _ = try await source.nextEvents() } }
        #expect(await second.outcome() == "busy")
        try await store.set("a", to: "1")
        let events: [ChangeEvent]? = await first.outcome() ?? nil
        #expect(events?.map(\.revision.rawValue) == [1])
        try await store.close()
    }

    @Test("an observation shows each state once, and waits for the next one")
    func observedOnce() async throws {
        let store = MemoryStore()
        let states = ObservedStates(store.observe(prefix: "u"))
        #expect(try await states.next() == [])
        // Two commits, observed as one state.
        try await store.set("u1", to: "1")
        try await store.set("u2", to: "1")
        #expect(try await states.next()?.count == 2)
        let next = WatchedCall { try? await states.next() }
        #expect(await soon { store.feed.state.withLock { $0.waiting.count } == 1 }, "it waits")
        try await store.set("u1", to: "2")
        let third: [Entry]? = await next.outcome() ?? nil
        #expect(third == [Entry(key: "u1", value: "2"), Entry(key: "u2", value: "1")])
        try await store.close()
    }
}

/// An observation that can be moved into a task.
///
/// `@unchecked Sendable` is correct because only one task at a time uses it.
final class ObservedStates: @unchecked Sendable {
    private var iterator: EntriesObservation.Iterator

    init(_ observation: EntriesObservation) { iterator = observation.makeAsyncIterator() }

    func next() async throws(StoreError) -> [Entry]? { try await iterator.next() }
}
