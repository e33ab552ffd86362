import KVDSTesting
import Testing

@testable import KVDS

@Suite("Locks while a task is resumed", .timeLimit(.minutes(1)))
struct ResumptionTests {
    /// Makes rounds until one has resumed its task. A task that is not waiting yet when its event comes is not resumed.
    ///
    /// - Parameter round: starts one task on a new executor, and causes the event that it waits for.
    private func expectUnlocked(_ round: () async throws -> ProbingExecutor) async throws {
        for _ in 0..<1_000 {
            let executor = try await round()
            #expect(executor.counts.blocked == 0, "no lock is held while the task is resumed")
            // The first resumption started the task.
            if executor.counts.passed > 1 { return }
        }
        Issue.record("no task was resumed")
    }

    @Test("a change feed wakes a subscriber without holding the feed's lock")
    func feed() async throws {
        try await expectUnlocked {
            let (store, subscriber, executor) = try await self.subscriber()
            try await store.set("k", to: "v")
            #expect(await subscriber.value == "done")
            return executor
        }
    }

    @Test("closing a store ends a subscription without holding the feed's lock")
    func closing() async throws {
        try await expectUnlocked {
            let (store, subscriber, executor) = try await self.subscriber()
            try await store.close()
            #expect(await subscriber.value == "closed")
            return executor
        }
    }

    /// A task that waits for the next event of a store.
    private func subscriber() async throws -> (MemoryStore, Task<String, Never>, ProbingExecutor) {
        let store = MemoryStore()
        let feed = store.feed
        let executor = try ProbingExecutor { _ = feed.count }
        let subscriber = Task(executorPreference: executor) {
            await answerCode { for try await _ in store.changes() { return } }
        }
        #expect(await soon { feed.state.withLock { !$0.waiting.isEmpty } })
        return (store, subscriber, executor)
    }

    @Test("a lock is granted without holding the lock of the manager")
    func granted() async throws {
        try await expectUnlocked {
            let (manager, waiter, executor) = try await self.waiter(ContinuousClock(), atMost: nil)
            manager.release(1)
            #expect(await waiter.value == .granted)
            return executor
        }
    }

    @Test("a wait for a lock times out without holding the lock of the manager")
    func timeout() async throws {
        try await expectUnlocked {
            let clock = ManualClock()
            let (_, waiter, executor) = try await self.waiter(clock, atMost: .seconds(1))
            #expect(await soon { clock.pauses == [.seconds(1)] })
            clock.advance(by: .seconds(1))
            #expect(await waiter.value == .timeout)
            return executor
        }
    }

    /// A task that waits for a lock of owner 1.
    private func waiter(
        _ clock: any Clock<Duration>, atMost limit: Duration?
    ) async throws -> (LockManager, Task<LockManager.Outcome, Never>, ProbingExecutor) {
        let manager = LockManager(clock: clock)
        for owner: LockOwnerID in [1, 2] { manager.begin(owner) }
        #expect(await manager.lock(.exclusive, .key("k"), for: 1, atMost: nil) == .granted)
        let executor = try ProbingExecutor { _ = manager.waitingCount }
        let waiter = Task(executorPreference: executor) {
            await manager.lock(.exclusive, .key("k"), for: 2, atMost: limit)
        }
        #expect(await soon { manager.waitingCount == 1 })
        return (manager, waiter, executor)
    }
}
