import KVDSTesting
import Testing

@testable import KVDS

@Suite("Waiting for a lock", .timeLimit(.minutes(2)))
struct LockWaitTests {
    /// Owner 1 has an exclusive lock on `k`.
    private func keeper(owners: LockOwnerID) async -> LockManager {
        let keeper = LockManager(clock: ContinuousClock())
        for owner in 1...owners { keeper.begin(owner) }
        #expect(await keeper.lock(.exclusive, .key("k"), for: 1, atMost: nil) == .granted)
        return keeper
    }

    private func waitingReader(_ owner: LockOwnerID, _ keeper: LockManager) -> WatchedCall<LockManager.Outcome> {
        WatchedCall { await keeper.lock(.shared, .key("k"), for: owner, atMost: nil) }
    }

    /// Waits until `count` requests are queued, and a little longer so that their callers wait too.
    private func untilWaiting(_ count: Int, _ keeper: LockManager) async {
        #expect(await soon { keeper.waitingCount == count })
        for _ in 0..<100 { await Task.yield() }
    }

    @Test("all readers that wait for one writer are granted when it releases its lock")
    func readers() async {
        let keeper = await keeper(owners: 4)
        let readers = (2...4).map { waitingReader($0, keeper) }
        await untilWaiting(3, keeper)
        keeper.release(1)
        for reader in readers { #expect(await reader.outcome() == .granted) }
    }

    @Test("a call cancelled while it waits for a lock returns before the lock is free")
    func cancelled() async {
        let keeper = await keeper(owners: 2)
        let reader = waitingReader(2, keeper)
        await untilWaiting(1, keeper)
        reader.cancel()
        #expect(await reader.outcome() == .cancelled)
        #expect(keeper.waitingCount == 0)
    }

    @Test("a call of an already cancelled task does not wait for a lock")
    func cancelledBefore() async {
        let keeper = await keeper(owners: 2)
        let reader = WatchedCall<LockManager.Outcome> {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await keeper.lock(.shared, .key("k"), for: 2, atMost: nil)
        }
        #expect(await reader.outcome() == .cancelled)
        #expect(keeper.waitingCount == 0)
    }

    @Test("a call waits for a lock as long as its manager's lockTimeout and no longer")
    func limit() async throws {
        let clock = ManualClock()
        let configuration = TransactionManager.Configuration(lockTimeout: .seconds(5))
        let manager = TransactionManager(MemoryStore(), configuration: configuration, clock: clock)
        let holder = await manager.begin()
        let waiter = await manager.begin()
        try await holder.set("k", to: "1")
        let waiting = WatchedCall { await answerCode { _ = try await waiter.get("k") } }
        try #require(await soon { clock.pauses == [.seconds(5)] })
        clock.advance(by: .seconds(5))
        #expect(await waiting.outcome() == "lockTimeout")
        try await holder.commit()
        #expect(try await waiter.get("k") == "1")
    }
}
