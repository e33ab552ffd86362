import KVDS

/// Transactions whose steps are made in a fixed order, chosen to let them conflict.
///
/// Playing an interleaving returns an ``InterleavingOutcome``. The outcome is correct if the committed transactions
/// could have run one after the other, in an order that respects real time, with the same reads and the same final
/// entries.
struct Interleaving: Sendable {
    /// A step of a transaction, made in one turn. The turn after the last step is the commit.
    enum Step: Sendable {
        case read(Bytes)
        case scan(KeyRange, text: String)
        /// Sets a key to a value computed from the reads so far.
        case write(Bytes, Assignment)
        /// Rolls the transaction back.
        case abort
    }

    /// The result of a read or a scan.
    enum ReadResult: Hashable, Sendable {
        case value(Bytes, Bytes?)
        case entries(String, [Entry])
    }

    /// One turn: which transaction takes it, and its step or commit as the script has it.
    struct Turn: Sendable {
        /// The index of the transaction.
        let transaction: Int
        let text: String
    }

    /// The store's entries before the first step.
    var initial: [Entry] = []
    /// The steps of each transaction.
    var programs: [[Step]] = []
    var schedule: [Turn] = []
}

extension Interleaving {
    /// Returns whether some serial order of the committed transactions explains `outcome`.
    func explains(_ outcome: InterleavingOutcome) -> Bool { explanation(of: outcome) != nil }

    /// Returns the first serial order of the committed transactions that explains `outcome`; nil if there is none.
    func explanation(of outcome: InterleavingOutcome) -> [Int]? {
        let committed = programs.indices.filter { outcome.transactions[$0].isCommitted }
        return orders(of: committed).first { order in
            var model = OrderedModel()
            model.apply(initial.map { .set($0.key, $0.value) })
            return order.allSatisfy { run(programs[$0], on: &model) == outcome.transactions[$0].sights }
                && model.entries == outcome.entries
        }
    }

    /// Returns the orders of `transactions` that respect real time: each comes after all that ended before it began.
    private func orders(of transactions: [Int]) -> [[Int]] {
        if transactions.isEmpty { return [[]] }
        return transactions.flatMap { first -> [[Int]] in
            let others = transactions.filter { $0 != first }
            let isPossible = others.allSatisfy { other in
                guard let end = schedule.lastIndex(where: { $0.transaction == other }),
                    let begin = schedule.firstIndex(where: { $0.transaction == first })
                else { return true }
                return end > begin
            }
            return isPossible ? orders(of: others).map { [first] + $0 } : []
        }
    }

    private func run(_ program: [Step], on model: inout OrderedModel) -> [ReadResult] {
        var sights: [ReadResult] = []
        for step in program {
            switch step {
            case .read(let key): sights.append(.value(key, model[key]))
            case .scan(let range, let text): sights.append(.entries(text, model.entries(in: range)))
            case .write(let key, let assignment):
                if let value = assignment.value(sights) { model.apply([.set(key, value)]) }
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
