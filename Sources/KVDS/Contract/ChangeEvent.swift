/// An event that a subscriber to a store's changes receives.
public enum ChangeEvent: Hashable, Sendable {
    /// A commit, with its changes in key order, each key once. The commit can already be read.
    case commit(Revision, [Change])
    /// The subscriber will not receive the commits after `from`, its last known revision, up to and including `to`.
    ///
    /// Read the store to get its current contents. Later events are about commits after `to`.
    ///
    /// `from` is greater than `to` if the subscriber asked for commits after a revision that the store has not reached,
    /// for example because an older copy replaced the store.
    case gap(from: Revision, to: Revision)

    /// The revision that the subscriber has reached with this event. To resume after it, pass it as `since`.
    public var revision: Revision {
        switch self {
        case .commit(let revision, _), .gap(_, let revision): revision
        }
    }

    /// Whether this is a commit without a change in the subscriber's range.
    var changesNothing: Bool { if case .commit(_, let changes) = self { changes.isEmpty } else { false } }
}
