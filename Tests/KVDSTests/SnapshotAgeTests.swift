import KVDSTesting
import Logging
import Synchronization
import Testing

@testable import KVDS

@Suite("The age of snapshots", .timeLimit(.minutes(1)))
struct SnapshotAgeTests {
    /// A clock that stands still until it is advanced, and the log.
    final class Hand: Sendable {
        private struct Sleeper {
            let due: ContinuousClock.Instant
            let waker: CheckedContinuation<Void, Never>
        }

        let start = ContinuousClock.now
        private let state = Mutex((passed: Duration.zero, sleepers: [Sleeper]()))
        let log = Mutex<[String]>([])
        let sleeps = AsyncStream.makeStream(of: ContinuousClock.Instant.self)

        init() {
            // Ends the stream, so that a test that waits for a sleep that never comes fails.
            let sleeps = sleeps.continuation
            Task {
                try await Task.sleep(for: .seconds(25))
                sleeps.finish()
            }
        }

        var clock: ReaperClock {
            ReaperClock {
                self.now
            } sleep: { due in
                await withCheckedContinuation { waker in
                    self.state.withLock { $0.sleepers.append(Sleeper(due: due, waker: waker)) }
                    self.sleeps.continuation.yield(due)
                }
            } logger: {
                Logger(label: "test") { _ in TestLog(hand: self) }
            }
        }

        private var now: ContinuousClock.Instant { state.withLock { start + $0.passed } }

        /// Advances the clock, and wakes the sleepers that are due.
        func pass(_ time: Duration) {
            let due = state.withLock { state in
                state.passed += time
                let now = start + state.passed
                defer { state.sleepers.removeAll { $0.due <= now } }
                return state.sleepers.filter { $0.due <= now }
            }
            for sleeper in due { sleeper.waker.resume() }
        }
    }

    struct TestLog: LogHandler {
        let hand: Hand
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(hand: Hand) { self.hand = hand }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            hand.log.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }

    private let hand = Hand()

    private func makeStore(warning: Duration?, limit: Duration?) async throws -> MemoryStore {
        let configuration = StoreConfiguration(snapshotAgeWarning: warning, snapshotAgeLimit: limit)
        let store = MemoryStore("memory:aged", configuration: configuration, clock: hand.clock)
        try await store.write { batch in for number in 0..<3_000 { batch.set(Bytes("secret \(number)"), to: "value") } }
        return store
    }

    @Test("a snapshot past the warning age is logged once, with its store and without keys")
    func warning() async throws {
        var sleeps = hand.sleeps.stream.makeAsyncIterator()
        let store = try await makeStore(warning: .seconds(60), limit: nil)
        let snapshot = try await store.snapshot()
        _ = await sleeps.next()
        hand.pass(.seconds(30))
        let second = try await store.snapshot()
        hand.pass(.seconds(29))
        #expect(hand.log.withLock { $0.isEmpty })
        #expect(store.openSnapshots.oldestAge == .seconds(59))
        hand.pass(.seconds(1))
        // It sleeps again, until the second snapshot is due.
        _ = await sleeps.next()
        #expect(hand.log.withLock { $0.count } == 1)
        let first = try #require(hand.log.withLock { $0.first })
        #expect(first.contains("warning") && first.contains("memory:aged"))
        #expect(first.contains("\"snapshots\": 1") && !first.contains("secret"))
        hand.pass(.seconds(30))
        #expect(await soon { hand.log.withLock { $0.count } == 2 })
        hand.pass(.seconds(600))
        #expect(try await snapshot.get("secret 1") == "value")
        // The watch is over. A new snapshot begins another one.
        let third = try await store.snapshot()
        #expect(await sleeps.next() != nil)
        #expect(hand.log.withLock { $0.count } == 2)
        // The first snapshot did not cause another warning together with the second.
        #expect(hand.log.withLock { $0.last?.contains("\"snapshots\": 1") } == true)
        _ = (second, third)
        try await store.close()
    }

    @Test("a newer snapshot is handled on time while an older one is due much later")
    func laterView() async throws {
        var sleeps = hand.sleeps.stream.makeAsyncIterator()
        let store = try await makeStore(warning: .seconds(10), limit: .seconds(60))
        let first = try await store.snapshot()
        #expect(await sleeps.next() == hand.start + .seconds(10))
        hand.pass(.seconds(10))
        // The first snapshot has caused a warning, and its limit is at 60.
        try #require(await sleeps.next() == hand.start + .seconds(20))
        hand.pass(.seconds(2))
        let second = try await store.snapshot()
        hand.pass(.seconds(8))
        try #require(await sleeps.next() == hand.start + .seconds(22))
        hand.pass(.seconds(2))
        _ = await sleeps.next()
        #expect(hand.log.withLock { $0.count } == 2)
        _ = (first, second)
        try await store.close()
    }

    @Test("a snapshot past the age limit is released, and its reads and scans throw .snapshotExpired")
    func limit() async throws {
        var sleeps = hand.sleeps.stream.makeAsyncIterator()
        let store = try await makeStore(warning: nil, limit: .seconds(10))
        let old = try await store.snapshot()
        var scan = store.entries().makeAsyncIterator()
        var oldScan = old.entries().makeAsyncIterator()
        _ = try await (scan.next(), oldScan.next())
        _ = await sleeps.next()
        hand.pass(.seconds(5))
        let young = try await store.snapshot()
        hand.pass(.seconds(5))
        _ = await sleeps.next()
        #expect(store.openSnapshots.count == 1)
        #expect(!old.isOpen && young.isOpen)
        await #expect { _ = try await old.get("a") } throws: { ($0 as? StoreError)?.code == .snapshotExpired }
        await #expect { while try await oldScan.next() != nil {} } throws: {
            ($0 as? StoreError)?.code == .snapshotExpired
        }
        await #expect { while try await scan.next() != nil {} } throws: {
            ($0 as? StoreError)?.code == .snapshotExpired
        }
        #expect(try await young.get("secret 1") == "value")
        young.close()
        try await store.close()
    }
}
