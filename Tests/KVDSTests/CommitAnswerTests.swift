import KVDSTesting
import Testing

@testable import KVDS

@Suite("The results of calls", .timeLimit(.minutes(1)))
struct CommitAnswerTests {
    private static func open(
        _ faults: Faults
    ) async throws -> EmbeddedStore<FaultInjectingEngine<MemoryEngine>> {
        try await EmbeddedStore.open("faulty:") { FaultInjectingEngine(MemoryEngine(), faults: faults) }
    }

    @Test("a commit is made and returns without any other activity")
    func alone() async throws {
        let store = try await Self.open(Faults())
        let call = WatchedCall { await answerCode { try await store.set("a", to: "1") } }
        #expect(await call.outcome() == "done")
        try await store.close()
    }

    @Test("a durable commit whose sync fails leaves the buffered commit before it intact")
    func failedSync() async throws {
        let faults = Faults()
        let store = try await Self.open(faults)
        try await store.write(durability: .buffered) { $0.set("a", to: "1") }
        faults.fail(.commit, with: StoreError(.outcomeUnknown, "The sync has failed."))
        #expect(
            await answerCode { try await store.write(durability: .durable) { $0.set("b", to: "1") } }
                == "outcomeUnknown")
        #expect(try await store.get(["a", "b"]) == ["1", nil])
        for durability in [Durability.buffered, .durable] {
            let answer = await answerCode { try await store.write(durability: durability) { $0.set("c", to: "1") } }
            #expect(answer == "writesRefused")
        }
        #expect(faults.count(.commit) == 2, "no sync is tried again")
        try await store.close()
    }

    @Test("a subscriber that waits for the next change throws .writesRefused after an unknown outcome")
    func unknownOutcomeOfWaiter() async throws {
        let faults = Faults()
        let store = try await Self.open(faults)
        let waiting = WatchedCall {
            await answerCode {
                var events = store.changes().makeAsyncIterator()
                while try await events.next() != nil {}
            }
        }
        #expect(await soon { store.feed.count == 1 })
        faults.fail(.committed, with: StoreError(.outcomeUnknown, "The disk is gone."))
        #expect(await answerCode { try await store.set("a", to: "1") } == "outcomeUnknown")
        let answer = await waiting.outcome()
        waiting.cancel()
        #expect(answer == "writesRefused")
        try await store.close()
    }

    @Test("a memory store reports .volatile, whatever durability is requested")
    func volatile() async throws {
        let store = MemoryStore(configuration: StoreConfiguration(durability: .durable))
        for wanted in [Durability.buffered, .durable, nil] {
            let result = try await store.write(durability: wanted) { $0.set("a", to: "1") }
            let revision = try #require(result.revision)
            #expect(result == .committed(revision: revision, durability: .volatile))
        }
        let judged = try await store.write(durability: .durable) { $0.require(.present("a")) }
        #expect(judged == .committed(revision: Revision(rawValue: 3), durability: .volatile))
        try await store.close()
    }

    @Test("commits are durable by default, and snapshots cause a warning after a minute")
    func defaults() {
        let configuration = StoreConfiguration()
        #expect(configuration.durability == .durable)
        #expect(configuration.snapshotAgeWarning == .seconds(60) && configuration.snapshotAgeLimit == nil)
    }

    @Test("a subscription since an earlier revision delivers the store's revision at once")
    func sinceRevision() async throws {
        let store = MemoryStore()
        try await store.set("a", to: "1")
        let waiting = WatchedCall {
            var events = store.changes(since: .zero).makeAsyncIterator()
            return (try? await events.next())?.revision ?? .zero
        }
        let revision = await waiting.outcome()
        waiting.cancel()
        #expect(revision == Revision(rawValue: 1))
        try await store.close()
    }

    @Test("a commit is delivered to a subscriber that waits for it")
    func delivered() async throws {
        let store = MemoryStore()
        let waiting = WatchedCall {
            var events = store.changes().makeAsyncIterator()
            return (try? await events.next())?.revision ?? .zero
        }
        #expect(await soon { store.feed.count == 1 })
        try await store.set("a", to: "1")
        let revision = await waiting.outcome()
        waiting.cancel()
        #expect(revision == Revision(rawValue: 1))
        try await store.close()
    }
}
