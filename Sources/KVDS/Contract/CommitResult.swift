/// What became of a batch.
public enum CommitResult: Hashable, Sendable {
    /// It took effect: it is the commit of this revision, and at least this safe.
    ///
    /// A batch without mutations takes no revision of its own and reports that of the state it was judged against.
    case committed(revision: Revision, durability: Durability)
    /// The condition at this index did not hold, and nothing changed.
    case conditionFailed(index: Int)

    /// Whether the batch took effect.
    public var isCommitted: Bool {
        if case .committed = self { true } else { false }
    }

    /// The revision of the commit, when there was one.
    public var revision: Revision? {
        if case .committed(let revision, _) = self { revision } else { nil }
    }
}
