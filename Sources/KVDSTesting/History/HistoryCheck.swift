public import KVDS

/// Runs many tasks that make random operations on a store concurrently, and checks whether one order explains their
/// results.
///
/// ```swift
/// try await HistoryCheck(seed: 42).run(on: store)
/// ```
///
/// Transactions append to lists and read them, several keys at a time. They must be strictly serializable. Single calls
/// read, set, and compare-and-swap registers. Each register must be linearizable. If all transactions take locks, none
/// may get a conflict: no other commit may change what a transaction has read before it commits.
///
/// The operations are derived from the seed, but their timing depends on the scheduler. A seed that failed may need
/// several runs to fail again.
public struct HistoryCheck: Sendable {
    /// The kind of transactions that the tasks use.
    public enum Transactions: String, Sendable, CaseIterable {
        /// Transactions of `KeyValueStore.withTransaction`.
        case optimistic
        /// Transactions of one `TransactionManager`.
        case locking
        /// Both kinds, on the same keys.
        case mixed
    }

    /// The seed of all random choices.
    public let seed: UInt64
    /// The number of tasks.
    public let tasks: Int
    /// The total number of operations: reads, appends, sets and swaps.
    public let operations: Int
    /// The kind of transactions that the tasks use.
    public let transactions: Transactions

    public init(
        seed: UInt64 = TestSeed.next, tasks: Int = 16, operations: Int = 100_000,
        transactions: Transactions = .optimistic
    ) {
        self.seed = seed
        self.transactions = transactions
        self.tasks = tasks
        self.operations = operations
    }

    /// Runs the tasks on `store` and checks their history.
    ///
    /// - Parameter store: a store that has no other writers; it should be empty.
    /// - Throws: a failure that describes what no order explains. An error of the store is its cause.
    public func run(on store: any KeyValueStore) async throws(ConformanceFailure) {
        let runner = ListTransactionRunner(store, transactions)
        let history: History
        do {
            history = try await record(store, runner)
        } catch {
            throw failure("a call threw an error that was not expected", cause: error)
        }
        if let violation = SerializabilityChecker.violation(in: history.transactions) { throw failure(violation) }
        if let violation = LinearizabilityChecker.violation(in: history.registers) { throw failure(violation) }
        if transactions == .locking, runner.conflicts.value > 0 {
            throw failure("\(runner.conflicts.value) commits met a change to what they had locked")
        }
    }

    private func failure(_ message: String, cause: (any Error)? = nil) -> ConformanceFailure {
        ConformanceFailure(
            check: "what \(tasks) tasks see is explained by one order (\(transactions) transactions)", seed: seed,
            message: message, cause: cause)
    }

    private func record(_ store: any KeyValueStore, _ runner: ListTransactionRunner) async throws -> History {
        let clock = EventClock()
        let history = try await withThrowingTaskGroup(of: History.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var actor = HistoryClient(
                        task: task, of: tasks, seed: seed, store: store, runner: runner, clock: clock)
                    return try await actor.run(operations: operations / tasks)
                }
            }
            return try await group.reduce(into: History()) { all, part in
                all.transactions += part.transactions
                all.registers += part.registers
            }
        }
        return try await HistoryClient.finish(history, store: store, clock: clock)
    }
}
