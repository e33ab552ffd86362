import KVDSTesting
import Testing

@testable import KVDS

@Suite("TransactionManager", .timeLimit(.minutes(2)))
struct TransactionManagerTests {
    @Test("liveTransactions lists the number of locks of each transaction and whether it waits")
    func listing() async throws {
        let manager = TransactionManager(MemoryStore())
        let first = await manager.begin()
        let second = await manager.begin()
        _ = try await first.get("a")
        try await first.set("a", to: "1")
        try await first.delete(in: KeyRange.prefix("b"))
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

    /// Nothing is kept of a transaction that has ended. Leaked table entries would not be visible, but every listing
    /// iterates over all of them.
    @Test("listing live transactions is as fast after 50,000 transactions as before")
    func forgets() async {
        let manager = TransactionManager(MemoryStore())
        let kept = await manager.begin()
        let before = await timeOfListing(manager)
        for _ in 0..<50_000 { _ = await manager.begin() }
        #expect(await manager.liveTransactions.map(\.id) == [1])
        let after = await timeOfListing(manager)
        // With leaked entries it would take hundreds of times as long.
        #expect(after < before * 20, "\(before) before, \(after) after")
        #expect(kept.isOpen)
    }

    /// The shortest of several attempts, because the others may have been interrupted.
    private func timeOfListing(_ manager: TransactionManager) async -> Duration {
        var shortest = Duration.seconds(60)
        for _ in 0..<30 {
            let start = ContinuousClock.now
            _ = await manager.liveTransactions
            shortest = min(shortest, ContinuousClock.now - start)
        }
        return shortest
    }

    @Test("transactions that are dropped or rolled back together hold no locks")
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

    @Test("looking up an ended transaction throws .transactionEnded, even while it is held")
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

    @Test("commitAll reports no transaction that others end meanwhile")
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
        // On one thread: on many cores all commits could have begun before the first one ends.
        let outcomes = try await SeededExecutor.run(seed: 1) { await manager.commitAll() }
        let ended = rolledBack.withLock { $0 }
        #expect(!ended.isEmpty)
        let rest = Set(1...200 as ClosedRange<UInt64>).subtracting(ended)
        #expect(Set(outcomes.map(\.id)) == rest)
        for outcome in outcomes {
            if case .failure(let error) = outcome.result { Issue.record("\(outcome.id): \(error)") }
        }
    }

    @Test("a locking transaction refuses an overlong key or value at once and stays usable")
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

    @Test("either kind of transaction is open as long as its store is")
    func openness() async throws {
        let store = MemoryStore()
        let locking = await TransactionManager(store).begin()
        try await store.withTransaction { optimistic in
            #expect(optimistic.isOpen && locking.isOpen)
            try await store.close()
            #expect(!optimistic.isOpen && !locking.isOpen)
        }
    }

    @Test("the default settings of transactions have their documented values")
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

/// A store that runs an action before its next commit.
private final class InterruptedCommit: BareLayer {
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
