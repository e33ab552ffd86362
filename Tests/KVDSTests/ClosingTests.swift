import KVDSTesting
import Testing

@testable import KVDS

@Suite("Closing a store", .timeLimit(.minutes(1)))
struct ClosingTests {
    private let faults = Faults()

    @Test("the engine is closed once, however often the store is closed")
    func once() async throws {
        let store = try await FaultyStore.open(faults)
        for _ in 0..<3 { try await store.close() }
        #expect(faults.count(.close) == 1)
    }

    @Test("a store that is dropped closes its engine")
    func dropped() async throws {
        do {
            let store = try await FaultyStore.open(faults)
            try await store.set("a", to: "1")
        }
        #expect(await soon { faults.count(.close) == 1 })
    }

    @Test("a failed close throws, and the store is closed nevertheless")
    func failure() async throws {
        let store = try await FaultyStore.open(faults)
        try await store.set("a", to: "1")
        faults.fail(.close, with: StoreError(.ioFailure, "The disk is tired."))
        #expect(await answerCode { try await store.close() } == "ioFailure")
        #expect(!store.isOpen)
        #expect(await answerCode { _ = try await store.get("a") } == "closed")
        #expect(await answerCode { try await store.set("a", to: "2") } == "closed")
        _ = await answerCode { try await store.close() }
        #expect(faults.count(.close) == 1)
    }

    @Test("every read of a closed store throws .closed")
    func reads() async throws {
        let store = MemoryStore()
        try await store.set("a", to: "1")
        try await store.close()
        #expect(await answerCode { _ = try await store.get("a") } == "closed")
        #expect(await answerCode { _ = try await store.exists("a") } == "closed")
        #expect(await answerCode { _ = try await store.snapshot() } == "closed")
        #expect(await answerCode { _ = try await store.statistics() } == "closed")
        #expect(await answerCode { for try await _ in store.entries() {} } == "closed")
    }

    @Test("commits are refused once closing has begun, and earlier ones are made")
    func beginning() async throws {
        let store = try await FaultyStore.open(faults)
        faults.holdCommits()
        let held = WatchedCall { await answerCode { try await store.set("a", to: "1") } }
        await faults.commitIsHeld()
        let closing = WatchedCall { await answerCode { try await store.close() } }
        let hasBegun = await soon { !store.isOpen }
        #expect(hasBegun)
        if hasBegun { #expect(await answerCode { try await store.set("b", to: "1") } == "closed") }
        faults.releaseCommits()
        #expect(await held.outcome() == "done")
        #expect(await closing.outcome() == "done")
        #expect(faults.count(.committed) == 1)
    }

    @Test("a subscriber that waits for the next change throws .closed when the store is closed")
    func subscriber() async throws {
        let store = MemoryStore()
        let waiting = WatchedCall {
            await answerCode {
                var events = store.changes().makeAsyncIterator()
                while try await events.next() != nil {}
            }
        }
        #expect(await soon { store.feed.count == 1 })
        try await store.close()
        let answer = await waiting.outcome()
        waiting.cancel()
        #expect(answer == "closed")
    }
}
