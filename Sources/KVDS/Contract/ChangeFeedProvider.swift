/// A store that tells what changes in it.
///
/// ```swift
/// for try await event in store.changes(prefix: "user:") {
///     switch event {
///     case .commit(let revision, let changes): apply(changes, revision)
///     case .gap: try await retryBlocking()
///     }
/// }
/// ```
///
/// A subscriber never holds up a writer. One that is slower than the writers, for longer than the store's history lasts, is
/// told a gap.
public protocol ChangeFeedProvider: Sendable {
    /// The commits that change keys in `range`, in their order, each exactly once and as one event, once they can be read.
    ///
    /// Each iteration is a subscription of its own. It begins when its iterator is made: it is told of every commit that is
    /// called for after that; those of other processes count from its first `next()` on. It throws `.cancelled` when its
    /// task was cancelled, `.closed` when the store was closed and everything before has been told, `.writesRefused` after a
    /// commit whose outcome is unknown.
    ///
    /// Of `.all` every commit is told, of another range those that change a key in it.
    ///
    /// With `since`, and on a store that other processes may write to, the first `next()` finds out where the store is by a
    /// commit of nothing: it waits for its turn among the others, and throws what a commit throws.
    ///
    /// - Parameters:
    ///   - range: which keys.
    ///   - since: the revision after which to begin, as a snapshot, a commit or an event before has named it; nil for now. If
    ///     the store does not remember everything after it, the first event is a gap. `.zero` is how to be told at once
    ///     where the store is. A revision names a moment of one history: where the files were replaced by an older copy, or
    ///     buffered commits were lost with the power, and others were made since, it names another, and no gap says so.
    ///   - options: what is told, and how.
    func changes(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes
}

extension KeyValueStore {
    /// The commits that change keys in `range`, as ``ChangeFeedProvider/changes(in:since:options:)`` delivers them.
    ///
    /// Where the store has no change feed, the sequence throws `.notSupported`.
    public func changes(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes {
        do throws(StoreError) {
            return try require(changeFeed, "change feed").changes(in: range, since: since, options: options)
        } catch {
            return Changes { FailingChanges(error) }
        }
    }

    /// What changes in `range` from now on, or after `since`.
    public func changes(in range: KeyRange = .all, since: Revision? = nil) -> Changes {
        changes(in: range, since: since, options: ChangeOptions())
    }

    /// What changes in `range` from now on.
    public func changes(in range: KeyRange = .all, options: ChangeOptions) -> Changes {
        changes(in: range, since: nil, options: options)
    }

    /// What changes among the keys that begin with `prefix`.
    public func changes(
        prefix: Bytes, since: Revision? = nil, options: ChangeOptions = ChangeOptions()
    ) -> Changes {
        changes(in: .prefix(prefix), since: since, options: options)
    }
}
