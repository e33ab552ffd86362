#if Command
import KVDS

/// The expected state of one task's keys in a ``Workload``, derived from the operations it has made.
struct ExpectedState {
    let workload: Workload
    let task: Int
    /// The number of operations made.
    private(set) var number = 0
    /// For each slot, the operation that set it last.
    private var slots: [Int?] = Array(repeating: nil, count: Workload.slots)
    private var witnesses: [Workload.Witness: Int] = [:]
    private(set) var tallies = Array(repeating: 0, count: Workload.counters)

    init(workload: Workload, task: Int) {
        self.workload = workload
        self.task = task
    }

    /// Makes the next operations, up to and including `last`.
    mutating func advance(to last: Int) {
        while number < last {
            number += 1
            apply(workload.operation(task, number))
        }
    }

    private mutating func apply(_ operation: Workload.Operation) {
        var witness = Workload.Witness.receipt
        switch operation {
        case .set: witness = .single
        case .swap: witness = .swap
        case .batch(let sets, let deletes):
            for slot in sets { slots[slot] = number }
            for slot in deletes { slots[slot] = nil }
        case .clear(let range, let slot):
            for index in range { slots[index] = nil }
            slots[slot] = number
        case .transfer(_, _, _, let slot): slots[slot] = number
        case .count(let counter): tallies[counter] += 1
        }
        witnesses[witness] = number
    }

    /// The entries that the store must hold for the task, in key order.
    var entries: [Entry] {
        var entries: [Entry] = []
        for (slot, number) in slots.enumerated() {
            guard let number else { continue }
            entries.append(
                Entry(key: Workload.slot(task, slot), value: workload.value(task, number, place: slot)))
        }
        for (witness, number) in witnesses {
            entries.append(
                Entry(
                    key: Workload.witness(task, witness),
                    value: workload.value(task, number, place: witness.place)))
        }
        for (counter, tally) in tallies.enumerated() where tally > 0 {
            entries.append(Entry(key: Workload.tally(task, counter), value: Bytes("\(tally)")))
        }
        return entries.sorted { $0.key < $1.key }
    }

    /// Advances to the state that the store holds. It must be the state after all acknowledged operations, possibly
    /// with operations that had begun.
    ///
    /// - Parameters:
    ///   - found: the task's entries in the store, in key order.
    ///   - acknowledged: the last acknowledged operation.
    ///   - begun: the last operation that can have begun.
    /// - Throws: ``BrokenPromise``.
    mutating func check(_ found: [Entry], acknowledged: Int, begun: Int) throws {
        let witnesses = Workload.Witness.allCases.map { Workload.witness(task, $0) }
        let last = found.filter { witnesses.contains($0.key) }.compactMap { Workload.number(of: $0.value) }.max() ?? 0
        try require(
            last >= acknowledged,
            "operation \(acknowledged) of task \(task) was acknowledged, but the last one in the store is \(last)"
        )
        try require(last <= begun, "task \(task) had begun operation \(begun), and the store knows \(last)")
        advance(to: last)
        let expected = entries
        guard expected != found else { return }
        let keys = Set(expected.map(\.key)).union(found.map(\.key)).sorted()
        for key in keys {
            let wanted = expected.first { $0.key == key }?.value
            let value = found.first { $0.key == key }?.value
            try require(
                wanted == value,
                "operation \(last) of task \(task), \(workload.operation(task, last)), is there by half: \(key) "
                    + "is \(describe(value)), not \(describe(wanted))")
        }
        throw BrokenPromise("the entries of task \(task) are out of order")
    }

    private func describe(_ value: Bytes?) -> String {
        guard let value else { return "absent" }
        return "that of operation \(Workload.number(of: value) ?? -1), \(value.count) bytes"
    }
}
#endif
