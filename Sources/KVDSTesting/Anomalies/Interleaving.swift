import KVDS

/// Transactions whose steps are made in a fixed order: one of the ways in which they can get into each other's way.
///
/// Whoever plays it reports an ``InterleavingOutcome``; it is sound when the transactions that committed could have run one
/// after the other, in an order that time allows, with the same reads and the same end.
struct Interleaving: Sendable, CustomStringConvertible {
    /// What a transaction does when it has its turn. After its last step its next turn is its commit.
    enum Step: Sendable {
        case read(Bytes)
        case scan(KeyRange)
        /// Sets a key to something that follows from what was read so far; nil leaves it.
        case write(Bytes, @Sendable ([ReadResult]) -> Bytes?)
        /// Gives up, and all it did with it.
        case abort
    }

    /// What a read or a scan showed.
    enum ReadResult: Hashable, Sendable {
        case value(Bytes?)
        case entries([Entry])

        /// The number that was read; 0 where there was none.
        var number: Int {
            if case .value(let value?) = self { Int(String(value)) ?? 0 } else { 0 }
        }
    }

    /// The anomaly's name.
    let description: String
    /// What the store holds at first.
    let initial: [Entry]
    /// The steps of each transaction.
    let programs: [[Step]]
    /// Whose turn it is, turn after turn.
    let schedule: [Int]
}

extension Interleaving {
    /// Whether some order of the committed transactions, one after the other, explains `outcome`.
    func explains(_ outcome: InterleavingOutcome) -> Bool {
        let committed = programs.indices.filter { outcome.transactions[$0].isCommitted }
        return orders(of: committed).contains { order in
            var model = OrderedModel()
            model.apply(initial.map { .set($0.key, $0.value) })
            return order.allSatisfy { run(programs[$0], on: &model) == outcome.transactions[$0].sights }
                && model.entries == outcome.entries
        }
    }

    /// The orders of `transactions` in which none comes before one that had ended when it began.
    private func orders(of transactions: [Int]) -> [[Int]] {
        if transactions.isEmpty { return [[]] }
        return transactions.flatMap { first -> [[Int]] in
            let others = transactions.filter { $0 != first }
            let isPossible = others.allSatisfy { other in
                guard let end = schedule.lastIndex(of: other), let begin = schedule.firstIndex(of: first) else {
                    return true
                }
                return end > begin
            }
            return isPossible ? orders(of: others).map { [first] + $0 } : []
        }
    }

    private func run(_ program: [Step], on model: inout OrderedModel) -> [ReadResult] {
        var sights: [ReadResult] = []
        for step in program {
            switch step {
            case .read(let key): sights.append(.value(model[key]))
            case .scan(let range): sights.append(.entries(model.entries(in: range)))
            case .write(let key, let value):
                if let value = value(sights) { model.apply([.set(key, value)]) }
            case .abort: break
            }
        }
        return sights
    }
}

extension OrderedModel {
    fileprivate mutating func apply(_ mutations: [WriteBatch.Mutation]) {
        var batch = WriteBatch()
        batch.mutations = mutations
        _ = apply(batch)
    }
}
