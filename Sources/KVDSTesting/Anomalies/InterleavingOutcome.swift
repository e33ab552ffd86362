import KVDS

/// The outcome of an interleaving.
struct InterleavingOutcome: Sendable {
    /// For each transaction, the results of its reads and whether it committed.
    var transactions: [(sights: [Interleaving.ReadResult], isCommitted: Bool)]
    /// The store's entries after the last step.
    var entries: [Entry]
    /// What happened in each turn, as the output of a script.
    var events: [String]
}

extension Interleaving {
    /// Returns the output of a script: the events, the final entries, and the serial order that explains them.
    func output(of outcome: InterleavingOutcome) -> [String] {
        let explanation =
            switch explanation(of: outcome) {
            case nil: "no serial order explains this"
            case .some([]): "nothing was committed"
            case .some(let order) where order.count == 1: "as if only t\(order[0] + 1) ran"
            case .some(let order): "as if \(order.map { "t\($0 + 1)" }.joined(separator: " ran before "))"
            }
        return outcome.events + ["store: \(outcome.entries.script)", explanation]
    }
}

extension Interleaving.Step {
    /// The step and its result, as the output of a script.
    ///
    /// - Parameter sights: the results of the reads up to this step, including its own.
    func event(_ sights: [Interleaving.ReadResult]) -> String {
        switch (self, sights.last) {
        case (.read(let key), .value(_, let value)): "get \(key) = \(value.map { "\($0)" } ?? "nothing")"
        case (.scan(_, let text), .entries(_, let entries)): "scan \(text) = \(entries.script)"
        case (.write(let key, let assignment), _):
            assignment.value(sights).map { "set \(key)=\($0)" } ?? "\(key) stays as it is"
        case (.abort, _): "rollback"
        default: "no result"
        }
    }
}

extension [Entry] {
    /// The entries as scripts write them.
    var script: String { isEmpty ? "nothing" : map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
}
