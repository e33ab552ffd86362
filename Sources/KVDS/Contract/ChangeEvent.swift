/// What a subscriber to a store's changes is told.
public enum ChangeEvent: Hashable, Sendable {
    /// A commit, with its changes in the order of their keys, each key once. What it tells can be read.
    case commit(Revision, [Change])
    /// The commits after `from`, which is the last one the subscriber knows, up to `to` are not told: read the store to see
    /// what it holds now. The next event is of a commit after `to`.
    ///
    /// `from` is greater than `to` where the subscriber asked for what came after a revision that the store has not reached,
    /// as may be when it was replaced by an older copy.
    case gap(from: Revision, to: Revision)

    /// Where the subscriber is with this event: what to resume after.
    public var revision: Revision {
        switch self {
        case .commit(let revision, _), .gap(_, let revision): revision
        }
    }
}
