import Synchronization
import Testing

@testable import KVDS
@testable import KVDSTesting

@Suite("HistoryCheck", .timeLimit(.minutes(5)))
struct HistoryCheckTests {
    @Test(
        "HistoryCheck detects every fault of a broken store", arguments: BrokenStore.Fault.allCases,
        HistoryCheck.Transactions.allCases)
    func broken(_ fault: BrokenStore.Fault, _ transactions: HistoryCheck.Transactions) async throws {
        // If all transactions take locks, conditions always hold, and no transaction sees half of a batch.
        if transactions == .locking, fault.isHiddenByLocks { return }
        var found: ConformanceFailure?
        // In a single history the tasks may happen not to conflict.
        for _ in 0..<3 where found == nil {
            let seed = TestSeed.next
            print("seed of the history of \(transactions) transactions on a store that \(fault): \(seed)")
            let check = HistoryCheck(seed: seed, operations: 6_000, transactions: transactions)
            do throws(ConformanceFailure) { try await check.run(on: BrokenStore(fault)) } catch { found = error }
            #expect(found == nil || found?.seed == seed)
        }
        let failure = try #require(found)
        #expect(failure.cause == nil)
    }

    @Test("HistoryCheck accepts the same store without a fault", arguments: HistoryCheck.Transactions.allCases)
    func sound(_ transactions: HistoryCheck.Transactions) async throws {
        try await HistoryCheck(operations: 3_000, transactions: transactions).run(on: BrokenStore(nil))
    }

    @Test("each kind of wrong list history is found, and a correct one is accepted")
    func lists() {
        func transaction(_ begin: Int, _ end: Int, _ steps: ListTransaction.Step..., aborts: Bool = false)
            -> ListTransaction
        {
            ListTransaction(steps: steps, isCommitted: !aborts, begin: begin, end: end)
        }
        let append1 = transaction(1, 2, .append(key: 1, 1))
        let append2 = transaction(3, 4, .append(key: 1, 2))
        let right = [
            append1, append2, transaction(5, 6, .read(key: 1, [1, 2]), .append(key: 1, 3), .read(key: 1, [1, 2, 3])),
        ]
        #expect(SerializabilityChecker.violation(in: right) == nil)
        let wrong: [String: [ListTransaction]] = [
            "incompatible orders": [
                append1, append2, transaction(5, 6, .read(key: 1, [1, 2])), transaction(5, 6, .read(key: 1, [2])),
            ],
            "a stale read": [append1, append2, transaction(5, 6, .read(key: 1, [1]))],
            "a read of the future": [append1, transaction(0, 1, .read(key: 1, [1, 2])), append2],
            "an aborted read": [
                transaction(1, 2, .append(key: 1, 1), aborts: true), transaction(3, 4, .read(key: 1, [1])),
            ],
            "an intermediate read": [
                transaction(1, 4, .append(key: 1, 1), .append(key: 1, 2)), transaction(2, 3, .read(key: 1, [1])),
            ],
            "garbage": [append1, transaction(3, 4, .read(key: 1, [9]))],
            "an element twice": [append1, transaction(3, 4, .read(key: 1, [1, 1]))],
            "a lost append": [append1, append2, transaction(5, 6, .read(key: 1, [2]))],
            "own appends unseen": [transaction(1, 2, .append(key: 1, 1), .read(key: 1, []))],
            "a read that does not repeat": [append1, transaction(0, 5, .read(key: 1, []), .read(key: 1, [1]))],
            "write skew": [
                transaction(1, 4, .read(key: 1, []), .append(key: 2, 1)),
                transaction(2, 3, .read(key: 2, []), .append(key: 1, 2)),
                transaction(5, 6, .read(key: 1, [2]), .read(key: 2, [1])),
            ],
            "a circle of reads": [
                transaction(1, 4, .append(key: 1, 1), .read(key: 2, [2])),
                transaction(2, 3, .append(key: 2, 2), .read(key: 1, [1])),
            ],
        ]
        for (name, transactions) in wrong {
            #expect(SerializabilityChecker.violation(in: transactions) != nil, "\(name)")
        }
    }

    @Test("each kind of wrong register history is found, and a correct one is accepted")
    func registers() {
        func operation(_ begin: Int, _ end: Int, _ kind: RegisterOperation.Kind) -> RegisterOperation {
            RegisterOperation(key: 1, kind: kind, begin: begin, end: end)
        }
        let right = [
            operation(1, 10, .write(1)), operation(2, 3, .read(1)), operation(4, 9, .write(2)),
            operation(5, 6, .read(1)),
            operation(7, 8, .read(2)), operation(11, 12, .swap(expected: 2, new: 3, isDone: true)),
            operation(13, 14, .swap(expected: 2, new: 4, isDone: false)), operation(15, 16, .read(3)),
        ]
        #expect(LinearizabilityChecker.violation(in: right) == nil)
        let never = RegisterOperation.never
        let unknown: [String: [RegisterOperation]] = [
            "it took effect at once": [operation(1, never, .write(1)), operation(2, 3, .read(1))],
            "it took effect late": [
                operation(1, never, .write(1)), operation(2, 3, .read(nil)), operation(4, 5, .read(1)),
            ],
            "it never took effect": [
                operation(1, 2, .write(1)), operation(3, never, .delete), operation(4, 5, .read(1)),
            ],
            "a swap that failed": [
                operation(1, 2, .write(1)), operation(3, never, .attempt(expected: 2, new: 3)),
                operation(4, 5, .read(1)),
            ],
            "a deletion": [
                operation(1, 2, .write(1)), operation(3, 4, .delete), operation(5, 6, .read(nil)),
                operation(7, 8, .swap(expected: nil, new: 2, isDone: true)),
                operation(9, 10, .swap(expected: 2, new: nil, isDone: true)), operation(11, 12, .read(nil)),
            ],
        ]
        for (name, operations) in unknown {
            #expect(LinearizabilityChecker.violation(in: operations) == nil, "\(name)")
        }
        let wrong: [String: [RegisterOperation]] = [
            "an unknown write seen before it began": [operation(1, 2, .read(1)), operation(3, never, .write(1))],
            "an unknown write that comes and goes": [
                operation(1, 2, .write(1)), operation(3, never, .write(2)), operation(4, 5, .read(2)),
                operation(6, 7, .read(1)),
            ],
            "an unknown swap of what was not there": [
                operation(1, 2, .write(1)), operation(3, never, .attempt(expected: 2, new: 3)),
                operation(4, 5, .read(3)),
            ],
            "a deletion that leaves something": [
                operation(1, 2, .write(1)), operation(3, 4, .delete), operation(5, 6, .read(1)),
            ],
            "a stale read": [operation(1, 2, .write(1)), operation(3, 4, .write(2)), operation(5, 6, .read(1))],
            "a read of the future": [operation(1, 2, .read(1)), operation(3, 4, .write(1))],
            "reads that go back": [
                operation(1, 2, .write(1)), operation(3, 10, .write(2)), operation(4, 5, .read(2)),
                operation(6, 7, .read(1)),
            ],
            "two that swap the same": [
                operation(1, 2, .swap(expected: nil, new: 1, isDone: true)),
                operation(1, 2, .swap(expected: nil, new: 2, isDone: true)),
            ],
            "a swap that must fit": [
                operation(1, 2, .write(1)), operation(3, 4, .swap(expected: 1, new: 2, isDone: false)),
            ],
        ]
        for (name, operations) in wrong {
            #expect(LinearizabilityChecker.violation(in: operations) != nil, "\(name)")
        }
    }
}

/// A memory store that occasionally violates a guarantee.
final class BrokenStore: BareLayer {
    enum Fault: String, CaseIterable, CustomStringConvertible {
        /// Ignores the conditions of some batches.
        case forgetsConditions
        /// Ignores conditions on keys that the batch does not write, like snapshot isolation.
        case checksOnlyWrites
        /// Commits some batches as two commits.
        case tearsBatches
        /// Reports some batches as committed but drops them.
        case losesCommits
        /// Returns some values from before the last write.
        case readsOldValues

        var description: String { rawValue }

        var isHiddenByLocks: Bool { [.forgetsConditions, .checksOnlyWrites, .tearsBatches].contains(self) }
    }

    let base: any KeyValueStore = MemoryStore()
    private let fault: Fault?
    private let calls = Atomic(0)
    private let old = Monitor<[Bytes: Bytes]>([:])

    init(_ fault: Fault?) { self.fault = fault }

    var description: String { "broken:" }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        if fault == .readsOldValues, isDue, let value = old.withLock({ $0[key] }) { return value }
        return try await base.get(key)
    }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        // Let all tasks read before any of them commits.
        await Task.yield()
        var batch = batch
        switch fault {
        case .forgetsConditions where isDue: batch.conditions = []
        case .checksOnlyWrites:
            let written = Set(batch.mutations.compactMap { if case .set(let key, _) = $0 { key } else { nil } })
            batch.conditions.removeAll { condition in
                switch condition {
                case .absent(let key), .present(let key), .equals(let key, _): !written.contains(key)
                case .unchanged(let range, _): !written.contains(range.lowerBound)
                }
            }
        case .tearsBatches where isDue && batch.mutations.count > 1:
            var first = batch
            let second = WriteBatch(mutations: [first.mutations.removeLast()])
            let result = try await base.commit(first)
            if !result.isCommitted { return result }
            for _ in 0..<10 { await Task.yield() }
            return try await base.commit(second)
        case .losesCommits where isDue && !batch.mutations.isEmpty: batch.mutations = []
        case .readsOldValues:
            for case .set(let key, _) in batch.mutations {
                if let value = try await base.get(key) { old.withLock { $0[key] = value } }
            }
        default: break
        }
        return try await base.commit(batch)
    }

    /// True once in 20 calls.
    private var isDue: Bool { calls.add(1, ordering: .relaxed).newValue % 20 == 0 }
}

extension WriteBatch {
    fileprivate init(mutations: [Mutation]) {
        self.init()
        self.mutations = mutations
    }
}
