/// The result of committing a batch.
public enum CommitResult: Hashable, Sendable {
    /// The batch took effect, as the commit with this revision. The commit is at least as safe as `durability`.
    ///
    /// A batch without mutations makes no commit. Its result contains the revision of the state that its conditions
    /// were checked against.
    case committed(revision: Revision, durability: Durability)
    /// The condition at this index of ``WriteBatch/conditions`` did not hold, and nothing changed.
    case conditionFailed(index: Int)

    /// Whether the batch took effect.
    public var isCommitted: Bool {
        if case .committed = self { true } else { false }
    }

    /// The revision of the commit; nil if a condition failed.
    public var revision: Revision? {
        if case .committed(let revision, _) = self { revision } else { nil }
    }
}
