/// Begins transactions that lock what they read and write. Use it for interactive work: a client reads, thinks, and
/// writes.
///
/// ```swift
/// let manager = TransactionManager(store)
/// let transaction = await manager.begin()
/// let balance = try await transaction.get("balance:42")
/// try await transaction.set("balance:42", to: "90")
/// try await transaction.commit()
/// ```
///
/// Its transactions are serializable among each other by strict two-phase locking: a transaction waits while another
/// one holds a conflicting lock. The locks do not stop the transactions of another manager, or writers that write to
/// the store directly. If one of these changed something that a transaction read, the commit of that transaction throws
/// `.conflict` and changes nothing. So all kinds of writers can share one store. If no pause between reads and writes
/// is needed, ``KeyValueStore/withTransaction(options:_:)`` is faster and retries by itself.
///
/// The manager does not retain its transactions. A transaction is rolled back when its last reference is released, so
/// that a client that has disappeared blocks no other client.
public actor TransactionManager {
    /// The store that the transactions read and change.
    public nonisolated let store: any KeyValueStore
    nonisolated let configuration: Configuration
    nonisolated let locks: LockManager
    /// Protected by a lock instead of the actor, because a transaction ends on the thread that releases its last
    /// reference.
    private nonisolated let transactions = Monitor<[UInt64: WeakTransaction]>([:])

    private var lastID: UInt64 = 0

    /// - Parameters:
    ///   - store: any store. The manager retains it and does not close it.
    ///   - configuration: how transactions behave.
    ///   - clock: the clock that measures the time limits of waits.
    public init(
        _ store: any KeyValueStore, configuration: Configuration = Configuration(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.store = store
        self.configuration = configuration
        locks = LockManager(clock: clock)
    }

    /// Begins a transaction. Ids count from 1.
    ///
    /// It is rolled back when its last reference is released.
    public func begin() -> LockingTransaction {
        lastID += 1
        let transaction = LockingTransaction(lastID, of: self)
        locks.begin(transaction.owner)
        transactions.withLock { $0[lastID] = WeakTransaction(transaction: transaction) }
        return transaction
    }

    /// The live transaction with this id.
    ///
    /// - Throws: `.transactionEnded` when it was committed or rolled back, `.notFound` when there was never one with
    ///   this id.
    public func transaction(_ id: UInt64) throws(StoreError) -> LockingTransaction {
        if let transaction = transactions.withLock({ $0[id]?.transaction }), transaction.isLive { return transaction }
        if id > 0, id <= lastID { throw Self.endedError(id, store) }
        throw StoreError(
            .notFound, "There is no transaction \(id); begin one and use its id.", store: store.description)
    }

    /// Commits every live transaction.
    ///
    /// - Returns: the outcome of each, ordered by id, without those that another caller ended in the meantime.
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
                // Another caller ended it in the meantime.
                return nil
            }
        }
    }

    /// The live transactions, ordered by id.
    public var liveTransactions: [LiveTransaction] { live.map(\.summary) }

    /// The uncommitted changes of the live transactions, ordered by transaction id.
    public var pendingWrites: [PendingWrite] {
        live.flatMap { transaction in
            transaction.pendingWrites.map { PendingWrite(transaction: transaction.id, mutation: $0) }
        }
    }

    private var live: [LockingTransaction] {
        // The references are dropped outside the lock, because releasing the last reference to a transaction takes the
        // lock.
        let all = transactions.withLock { $0.values.compactMap(\.transaction) }
        return all.filter(\.isLive).sorted { $0.id < $1.id }
    }

    /// Whether no transaction is live, and none holds or awaits a lock.
    package nonisolated var isIdle: Bool { locks.isIdle }

    nonisolated func forget(_ id: UInt64) {
        transactions.withLock { $0[id] = nil }
    }

    static func endedError(_ id: UInt64, _ store: any KeyValueStore) -> StoreError {
        StoreError(
            .transactionEnded, "Transaction \(id) has ended: it was committed or rolled back. Begin another one.",
            store: store.description)
    }
}

private struct WeakTransaction: Sendable {
    weak let transaction: LockingTransaction?
}
