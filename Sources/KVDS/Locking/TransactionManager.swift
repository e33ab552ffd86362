/// Hands out transactions that lock what they touch: for a conversation, in which somebody reads, thinks, and writes.
///
/// ```swift
/// let manager = TransactionManager(store)
/// let transaction = await manager.begin()
/// let balance = try await transaction.get("balance:42")
/// try await transaction.set("balance:42", to: "90")
/// try await transaction.commit()
/// ```
///
/// Its transactions are serializable among each other by strict two-phase locking: whoever touches what another has locked
/// waits until that one ends. They know nothing of the transactions of another manager, nor of those who write to the
/// store directly, who take no locks; a commit in whose way they came throws `.conflict` and changes nothing. So both kinds
/// live together on one store. Where nobody needs to think in between, ``KeyValueStore/withTransaction(options:_:)`` is faster
/// and runs again by itself.
///
/// The manager does not hold its transactions. One that nobody holds any more is rolled back, so that a client who has gone
/// stands in nobody's way.
public actor TransactionManager {
    /// The store that the transactions read and change.
    public nonisolated let store: any KeyValueStore
    nonisolated let configuration: Configuration
    nonisolated let locks: LockManager
    /// Behind a lock and not on the actor, because a transaction ends on whatever thread lets go of it.
    private nonisolated let transactions = Monitor<[UInt64: WeakTransaction]>([:])

    private var lastID: UInt64 = 0

    /// - Parameters:
    ///   - store: any store. The manager holds it and does not close it.
    ///   - configuration: how transactions behave.
    ///   - clock: what waits for locks are timed by.
    public init(
        _ store: any KeyValueStore, configuration: Configuration = Configuration(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.store = store
        self.configuration = configuration
        locks = LockManager(clock: clock)
    }

    /// Begins a transaction, whose id is 1 for the first one and one more for each that follows.
    ///
    /// It is rolled back when its last reference goes.
    public func begin() -> LockingTransaction {
        lastID += 1
        let transaction = LockingTransaction(lastID, of: self)
        locks.begin(lastID)
        transactions.withLock { $0[lastID] = WeakTransaction(transaction: transaction) }
        return transaction
    }

    /// The live transaction with this id.
    ///
    /// - Throws: `.transactionEnded` when it was committed or rolled back, `.notFound` when there never was one.
    public func transaction(_ id: UInt64) throws(StoreError) -> LockingTransaction {
        if let transaction = transactions.withLock({ $0[id]?.transaction }), transaction.isLive { return transaction }
        if id > 0, id <= lastID { throw Self.endedError(id, store) }
        throw StoreError(
            .notFound, "There is no transaction \(id); begin one and use its id.", store: store.description)
    }

    /// Commits every live transaction.
    ///
    /// - Returns: how each ended, by id, apart from those that somebody else ended meanwhile.
    @discardableResult
    public func commitAll() async -> [TransactionOutcome] {
        let live = live
        return await withTaskGroup(of: TransactionOutcome?.self) { tasks in
            for transaction in live { tasks.addTask { await transaction.commitOutcome() } }
            var outcomes: [TransactionOutcome] = []
            for await case let outcome? in tasks { outcomes.append(outcome) }
            return outcomes.sorted { $0.id < $1.id }
        }
    }

    /// Rolls back every live transaction.
    ///
    /// - Returns: their ids, in order.
    @discardableResult
    public func rollbackAll() -> [UInt64] {
        live.compactMap { transaction in
            do throws(StoreError) {
                try transaction.rollback()
                return transaction.id
            } catch {
                // Somebody else ended it just now.
                return nil
            }
        }
    }

    /// The live transactions, by id.
    public var liveTransactions: [LiveTransaction] { live.map(\.summary) }

    /// What the live transactions would change if they were committed now, by id.
    public var pendingWrites: [PendingWrite] {
        live.flatMap { transaction in
            transaction.pendingWrites.map { PendingWrite(transaction: transaction.id, mutation: $0) }
        }
    }

    private var live: [LockingTransaction] {
        // They leave the lock together: the end of one, should it be the last reference to it, needs the lock itself.
        let all = transactions.withLock { $0.values.compactMap(\.transaction) }
        return all.filter(\.isLive).sorted { $0.id < $1.id }
    }

    /// Whether no transaction holds or awaits a lock, or could ask for one.
    package nonisolated var isIdle: Bool { locks.isIdle }

    nonisolated func forget(_ id: UInt64) {
        transactions.withLock { $0[id] = nil }
    }

    static func endedError(_ id: UInt64, _ store: any KeyValueStore) -> StoreError {
        StoreError(
            .transactionEnded, "Transaction \(id) is over: it was committed or rolled back. Begin another one.",
            store: store.description)
    }
}

private struct WeakTransaction: Sendable {
    weak let transaction: LockingTransaction?
}
