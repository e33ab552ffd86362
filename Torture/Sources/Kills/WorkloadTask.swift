#if Command
import KVDS
import KVDSTesting

/// Performs the operations of one task of a ``Workload`` on a store.
struct WorkloadTask: Sendable {
    let workload: Workload
    let task: Int
    let store: any KeyValueStore

    private static let options = TransactionOptions(
        maximumAttempts: 1_000, backoff: Backoff(initial: .microseconds(50), maximum: .milliseconds(5)))

    /// Returns the number of the task's last operation in the store.
    func lastNumber() async throws -> Int {
        var last = 0
        for witness in Workload.Witness.allCases {
            if let value = try await store.get(Workload.witness(task, witness)) {
                last = max(last, Workload.number(of: value) ?? 0)
            }
        }
        return last
    }

    /// Performs an operation.
    ///
    /// - Returns: its revision, or nil if the call does not return one.
    func perform(_ number: Int) async throws -> Revision? {
        switch workload.operation(task, number) {
        case .set: return try await store.set(witness(.single), to: value(number, .single)).revision
        case .swap:
            let old = try await store.get(witness(.swap))
            let isDone = try await store.compareAndSwap(witness(.swap), expected: old, new: value(number, .swap))
            try require(isDone, "a compare-and-swap failed on a key that no other task writes")
            return nil
        case .transfer(let from, let to, let amount, let slot):
            return try await transfer(number, from, to, amount, slot)
        case .count(let counter): return try await count(number, counter)
        case let operation:
            var batch = WriteBatch()
            addMutations(of: operation, number, to: &batch)
            return try await store.commit(batch).revision
        }
    }

    private func addMutations(of operation: Workload.Operation, _ number: Int, to batch: inout WriteBatch) {
        switch operation {
        case .batch(let sets, let deletes):
            for slot in sets { batch.set(Workload.slot(task, slot), to: workload.value(task, number, place: slot)) }
            for slot in deletes { batch.delete(Workload.slot(task, slot)) }
        case .clear(let range, let slot):
            let end = Bytes(Array(Workload.slot(task, range.upperBound - 1)) + [0])
            batch.delete(in: KeyRange(from: Workload.slot(task, range.lowerBound), to: end))
            batch.set(Workload.slot(task, slot), to: workload.value(task, number, place: slot))
        default: break
        }
        batch.set(witness(.receipt), to: value(number, .receipt))
    }

    private func transfer(_ number: Int, _ from: Int, _ to: Int, _ amount: Int, _ slot: Int) async throws -> Revision? {
        try await store.withTransactionResult(options: Self.options) { tx in
            let source = try await tx.get(Workload.account(from)).flatMap(Workload.number) ?? 0
            let target = try await tx.get(Workload.account(to)).flatMap(Workload.number) ?? 0
            let amount = min(amount, source)
            tx.set(Workload.account(from), to: Bytes("\(source - amount)"))
            tx.set(Workload.account(to), to: Bytes("\(target + amount)"))
            tx.set(Workload.slot(task, slot), to: workload.value(task, number, place: slot))
            tx.set(witness(.receipt), to: value(number, .receipt))
        }.revision
    }

    private func count(_ number: Int, _ counter: Int) async throws -> Revision? {
        let tally = try await store.get(Workload.tally(task, counter)).flatMap(Workload.number) ?? 0
        while true {
            let old = try await store.get(Workload.counter(counter))
            let count = old.flatMap(Workload.number) ?? 0
            var batch = WriteBatch()
            batch.require(old.map { .equals(Workload.counter(counter), $0) } ?? .absent(Workload.counter(counter)))
            batch.set(Workload.counter(counter), to: Bytes("\(count + 1)"))
            batch.set(Workload.tally(task, counter), to: Bytes("\(tally + 1)"))
            batch.set(witness(.receipt), to: value(number, .receipt))
            let result = try await store.commit(batch)
            if result.isCommitted { return result.revision }
        }
    }

    private func witness(_ witness: Workload.Witness) -> Bytes { Workload.witness(task, witness) }
    private func value(_ number: Int, _ witness: Workload.Witness) -> Bytes {
        workload.value(task, number, place: witness.place)
    }
}
#endif
