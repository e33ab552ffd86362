public import KVDS

/// Many tasks that do random things to a store at the same time, and a judge who says whether one order explains what they
/// saw.
///
/// ```swift
/// try await HistoryCheck(seed: 42).run(on: store)
/// ```
///
/// Transactions append to lists and read them, several keys at a time: they must be strictly serializable. Single calls
/// read, set, and compare-and-swap registers: each register must be linearizable. Where all transactions take locks, none
/// may meet a conflict: what it has read nobody else changes before it commits.
///
/// What the tasks do follows from the seed; what they meet, from how they are scheduled. So a seed that has failed may need
/// more than one run to fail again.
public struct HistoryCheck: Sendable {
    /// Which transactions the tasks use.
    public enum Transactions: String, Sendable, CaseIterable {
        /// Those of `KeyValueStore.transaction`.
        case optimistic
        /// Those of one `TransactionManager`.
        case locking
        /// Now these, now those, on the same keys.
        case mixed
    }

    /// What every random choice follows from.
    public let seed: UInt64
    /// How many tasks there are.
    public let tasks: Int
    /// How many operations they make together: reads, appends, sets, swaps.
    public let operations: Int
    /// Which transactions they use.
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

    /// Works on `store` and judges what came of it.
    ///
    /// - Parameter store: one that nobody else writes to; it should be empty.
    /// - Throws: a failure that tells what no order explains; errors of the store are its cause.
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
