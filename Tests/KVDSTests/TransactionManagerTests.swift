import KVDSTesting
import Testing

@testable import KVDS

@Suite("TransactionManager", .timeLimit(.minutes(2)))
struct TransactionManagerTests {
    @Test("a listing tells how many places each transaction has locked, and whether it waits")
    func listing() async throws {
        let manager = TransactionManager(MemoryStore())
        let first = await manager.begin()
        let second = await manager.begin()
        _ = try await first.get("a")
        try await first.set("a", to: "1")
        try await first.delete(KeyRange.prefix("b"))
        try await second.set("c", to: "1")
        let waiting = WatchedCall { await answerCode { try await second.set("a", to: "2") } }
        #expect(await soon { second.isWaiting })
        let wanted = [
            LiveTransaction(id: 1, lockCount: 2, isWaiting: false, writeCount: 2),
            LiveTransaction(id: 2, lockCount: 1, isWaiting: true, writeCount: 1),
        ]
        #expect(await manager.liveTransactions == wanted)
        try first.rollback()
        #expect(await waiting.outcome() == "done")
        try second.rollback()
        #expect(await manager.liveTransactions.isEmpty)
    }

    /// Of a transaction that is over nothing is kept. Entries of a table that are never removed would not be seen, but
    /// every listing goes through all of them.
    @Test("a manager that has had 50,000 transactions lists the live ones as fast as a new one")
    func forgets() async {
        let manager = TransactionManager(MemoryStore())
        let kept = await manager.begin()
        let before = await timeOfListing(manager)
        for _ in 0..<50_000 { _ = await manager.begin() }
        #expect(await manager.liveTransactions.map(\.id) == [1])
        let after = await timeOfListing(manager)
        // It would be hundreds of times.
        #expect(after < before * 20, "\(before) before, \(after) after")
        #expect(kept.isOpen)
    }

    /// The shortest of several attempts: the others may have been interrupted.
    private func timeOfListing(_ manager: TransactionManager) async -> Duration {
        var shortest = Duration.seconds(60)
        for _ in 0..<30 {
            let start = ContinuousClock.now
            _ = await manager.liveTransactions
            shortest = min(shortest, ContinuousClock.now - start)
        }
        return shortest
    }

    @Test("transactions that nobody holds, or that are rolled back together, have no locks any more")
    func ends() async throws {
        let manager = TransactionManager(MemoryStore())
        var dropped: LockingTransaction? = await manager.begin()
        try await dropped?.set("a", to: "1")
        #expect(!manager.isIdle)
        dropped = nil
        #expect(manager.isIdle)
        let held = [await manager.begin(), await manager.begin()]
        for transaction in held { try await transaction.set(Bytes("\(transaction.id)"), to: "1") }
        #expect(await manager.rollbackAll() == [2, 3])
        #expect(manager.isIdle)
        #expect(held.allSatisfy { !$0.isOpen })
    }

    @Test("a transaction that has ended is found by its number no more, though somebody holds it")
    func ended() async throws {
        let manager = TransactionManager(MemoryStore())
        let committed = await manager.begin()
        let rolledBack = await manager.begin()
        let found = try await manager.transaction(1)
        #expect(found === committed)
        try await committed.commit()
        try rolledBack.rollback()
        for id in 1...2 as ClosedRange<UInt64> {
            #expect(await answerCode { _ = try await manager.transaction(id) } == "transactionEnded")
        }
        #expect(await answerCode { _ = try await manager.transaction(3) } == "notFound")
        #expect(!committed.isOpen && !rolledBack.isOpen)
    }

    @Test("when all are committed, nothing is told of those that somebody else ends meanwhile")
    func endedMeanwhile() async throws {
        let store = InterruptedCommit(MemoryStore())
        let manager = TransactionManager(store)
        var all: [LockingTransaction] = []
        for number in 0..<200 {
            let transaction = await manager.begin()
            try await transaction.set(Bytes("\(number)"), to: "1")
            all.append(transaction)
        }
        let begun = all
        let rolledBack = Monitor<Set<UInt64>>([])
        store.beforeNextCommit {
            for transaction in begun {
                if (try? transaction.rollback()) != nil { rolledBack.withLock { _ = $0.insert(transaction.id) } }
            }
        }
        // One after the other: on many cores all could have begun before the first one commits.
        let outcomes = try await SeededExecutor.run(seed: 1) { await manager.commitAll() }
        let ended = rolledBack.withLock { $0 }
        #expect(!ended.isEmpty)
        let rest = Set(1...200 as ClosedRange<UInt64>).subtracting(ended)
        #expect(Set(outcomes.map(\.id)) == rest)
        for outcome in outcomes {
            if case .failure(let error) = outcome.result { Issue.record("\(outcome.id): \(error)") }
        }
    }

    @Test("a locking transaction refuses a key or value that is too long at once, and goes on")
    func limits() async throws {
        let store = ModelStore(limits: StoreLimits(maximumKeyLength: 4, maximumValueLength: 4))
        let transaction = await TransactionManager(store).begin()
        #expect(await answerCode { try await transaction.set("12345", to: "1") } == "invalidKey")
        #expect(await answerCode { try await transaction.set("1", to: "12345") } == "invalidValue")
        #expect(transaction.pendingWrites.isEmpty)
        try await transaction.set("1234", to: "1234")
        try await transaction.commit()
        #expect(try await store.get("1234") == "1234")
    }

    @Test("a transaction of either kind is open for as long as its store is")
    func openness() async throws {
        let store = MemoryStore()
        let locking = await TransactionManager(store).begin()
        try await store.withTransaction { optimistic in
            #expect(optimistic.isOpen && locking.isOpen)
            try await store.close()
            #expect(!optimistic.isOpen && !locking.isOpen)
        }
    }

    @Test("settings that are left out have the values that their documentation names")
    func defaults() {
        let configuration = TransactionManager.Configuration()
        #expect(configuration.lockTimeout == .seconds(10))
        #expect(configuration.durability == nil)
        let options = TransactionOptions()
        #expect(options.maximumAttempts == 50)
        #expect(options.durability == nil)
        #expect(options.backoff.initial == .microseconds(100))
        #expect(options.backoff.maximum == .milliseconds(100))
    }
}

/// A store before whose next commit something is done.
private final class InterruptedCommit: StoreLayer {
    let base: any KeyValueStore
    private let action = Monitor<(@Sendable () -> Void)?>(nil)

    init(_ base: any KeyValueStore) { self.base = base }

    func beforeNextCommit(_ body: @escaping @Sendable () -> Void) { action.withLock { $0 = body } }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        let body = action.withLock { action in
            defer { action = nil }
            return action
        }
        body?()
        return try await base.commit(batch)
    }
}
