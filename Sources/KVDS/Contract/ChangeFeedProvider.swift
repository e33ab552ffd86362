/// Delivers the committed changes of a store.
///
/// ```swift
/// for try await event in store.changes(prefix: "user:") {
///     switch event {
///     case .commit(let revision, let changes): apply(changes, revision)
///     case .gap: try await reload()
///     }
/// }
/// ```
///
/// A subscriber never delays a writer. A subscriber that falls behind the retained change log receives a gap.
public protocol ChangeFeedProvider: Sendable {
    /// Delivers the commits that change keys in `range`: in order, each exactly once, as one event.
    ///
    /// A commit is delivered after it can be read. A subscriber to `.all` receives every commit. A subscriber to
    /// another range receives the commits that change a key in it.
    ///
    /// Each iteration is a subscription. It starts when its iterator is created, and receives every commit requested
    /// after that. Commits by other processes are included from the first call of `next()` on. `next()` throws
    /// `.cancelled` when its task is cancelled. When the store is closed, the subscription receives the remaining
    /// events, then `.closed`. After a commit of unknown outcome it receives the remaining events, then
    /// `.writesRefused`.
    ///
    /// If `since` is given, or if other processes may write to the store, the first `next()` commits an empty batch to
    /// determine the store's revision. It waits for its turn among the other commits, and throws the errors of
    /// ``StoreWriter/commit(_:)``.
    ///
    /// - Parameters:
    ///   - range: the keys whose changes are delivered.
    ///   - since: the revision after which to start, as reported by a snapshot, a commit or an event; nil to start now.
    ///     If the change log does not contain every commit after it, the first event is a gap. With `.zero` the first
    ///     event is therefore usually an immediate gap up to the store's revision. A revision is only valid for the
    ///     sequence of commits that it belongs to. If the store has lost commits, because an older copy replaced the
    ///     files or because of a power failure, and has made others since, then the same revision is another commit,
    ///     and no gap reports this.
    ///   - options: what the events contain, and how they are buffered.
    func makeChanges(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes
}

extension KeyValueStore {
    /// The commits that change keys in `range`: see ``ChangeFeedProvider/makeChanges(in:since:options:)``.
    ///
    /// If the store has no change feed, the sequence throws `.notSupported`.
    public func changes(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes {
        do throws(StoreError) {
            return try require(changeFeed, "change feed").makeChanges(in: range, since: since, options: options)
        } catch {
            return Changes { FailingChanges(error) }
        }
    }

    /// The commits that change keys in `range`, from now on or after `since`.
    public func changes(in range: KeyRange = .all, since: Revision? = nil) -> Changes {
        changes(in: range, since: since, options: ChangeOptions())
    }

    /// The commits that change keys in `range`, from now on.
    public func changes(in range: KeyRange = .all, options: ChangeOptions) -> Changes {
        changes(in: range, since: nil, options: options)
    }

    /// The commits that change keys that begin with `prefix`, from now on or after `since`.
    public func changes(
        prefix: Bytes, since: Revision? = nil, options: ChangeOptions = ChangeOptions()
    ) -> Changes {
        changes(in: .prefix(prefix), since: since, options: options)
    }
}
