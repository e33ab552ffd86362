#if Command
import KVDS
import KVDSTesting

/// The possible contents of a store after calls of which some failed: one state for each combination of unknown
/// outcomes.
struct PossibleStates {
    /// The outcome of a batch, as reported to its writer.
    enum Outcome: String {
        case committed
        case conditionFailed = "condition-failed"
        /// An error that guarantees that nothing changed.
        case unchanged
        case unknown

        init(_ result: CommitResult) { self = result.isCommitted ? .committed : .conditionFailed }

        init(_ error: StoreError) { self = error.advice == .outcomeUnknown ? .unknown : .unchanged }
    }

    private(set) var states: Set<OrderedModel> = [OrderedModel()]

    /// Records the outcome of `batch`. Concurrent batches concern different keys, so their order does not matter.
    mutating func note(_ batch: WriteBatch, _ outcome: Outcome) {
        var next: Set<OrderedModel> = []
        for state in states {
            var changed = state
            let holds = changed.apply(batch) == nil
            switch outcome {
            case .committed: if holds { next.insert(changed) }
            case .conditionFailed: if !holds { next.insert(state) }
            case .unchanged: next.insert(state)
            case .unknown: next.formUnion([state, changed])
            }
        }
        states = next
    }

    /// Whether a store may hold these entries.
    func allow(_ entries: [Entry]) -> Bool { states.contains { $0.entries == entries } }

    /// Whether a store may hold these entries at this revision.
    ///
    /// - Parameter skips: whether a commit with an unknown outcome may have used a revision without any other effect.
    func allow(_ entries: [Entry], at revision: Revision, skips: Bool) -> Bool {
        let last = states.map(\.revision).max() ?? .zero
        return states.contains { state in
            state.entries == entries
                && (revision == state.revision || skips && revision > state.revision && revision <= last)
        }
    }

    /// Whether the key may have this value.
    func allow(_ value: Bytes?, at key: Bytes) -> Bool { states.contains { $0[key] == value } }

    /// A readable description of the states.
    var summary: String {
        states.map { "revision \($0.revision) with \(PossibleStates.summary($0.entries))" }.joined(separator: ", or ")
    }

    static func summary(_ entries: [Entry]) -> String {
        "{" + entries.map { "\($0.key): \($0.value.count) B" }.joined(separator: ", ") + "}"
    }
}
#endif
