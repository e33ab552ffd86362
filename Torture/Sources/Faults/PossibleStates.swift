import KVDS
import KVDSTesting

/// What a store may hold after calls of which some failed: a state for each way in which those of unknown outcome can have
/// ended.
struct PossibleStates {
    /// What became of a batch, as far as its writer was told.
    enum Outcome: String {
        case committed
        case conditionFailed = "condition-failed"
        /// An error that says that nothing changed.
        case unchanged
        case unknown

        init(_ result: CommitResult) { self = result.isCommitted ? .committed : .conditionFailed }

        init(_ error: StoreError) { self = error.advice == .outcomeUnknown ? .unknown : .unchanged }
    }

    private(set) var states: Set<OrderedModel> = [OrderedModel()]

    /// Notes what became of `batch`. The batches of callers that ran at once are about different keys, so that their order
    /// does not matter.
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

    /// Whether a store may hold this.
    func allow(_ entries: [Entry]) -> Bool { states.contains { $0.entries == entries } }

    /// Whether a store may hold this at this revision.
    ///
    /// - Parameter skips: whether a commit of unknown outcome may have used a revision up and left no other trace.
    func allow(_ entries: [Entry], at revision: Revision, skips: Bool) -> Bool {
        let last = states.map(\.revision).max() ?? .zero
        return states.contains { state in
            state.entries == entries
                && (revision == state.revision || skips && revision > state.revision && revision <= last)
        }
    }

    /// Whether the key may have this value.
    func allow(_ value: Bytes?, at key: Bytes) -> Bool { states.contains { $0[key] == value } }

    /// The states, for people.
    var summary: String {
        states.map { "revision \($0.revision) with \(PossibleStates.summary($0.entries))" }.joined(separator: ", or ")
    }

    static func summary(_ entries: [Entry]) -> String {
        "{" + entries.map { "\($0.key): \($0.value.count) B" }.joined(separator: ", ") + "}"
    }
}
