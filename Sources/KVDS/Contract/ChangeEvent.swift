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

/// What a commit did to one key.
public struct Change: Hashable, Sendable {
    public var key: Bytes
    /// Its value after the commit; nil when it was deleted. A key that was deleted by itself may have had no value.
    public var value: Bytes?
    /// Its value before the commit, where ``ChangeOptions/previousValues`` was asked for; nil when it had none.
    public var previous: Bytes?

    public init(key: Bytes, value: Bytes?, previous: Bytes? = nil) {
        self.key = key
        self.value = value
        self.previous = previous
    }
}

/// What a subscriber wants to be told, and how.
public struct ChangeOptions: Hashable, Sendable {
    /// Whether changes come with the values before them. Every commit then reads those. Default: false.
    public var previousValues: Bool
    /// How many commits, 1 to 1,024, the subscriber takes out of the store's history at a time, and has to itself then; no
    /// more than a megabyte of them, or else one. Default: 1,024.
    public var bufferedCommits: Int

    public init(previousValues: Bool = false, bufferedCommits: Int = 1_024) {
        self.previousValues = previousValues
        self.bufferedCommits = bufferedCommits
    }
}

/// How much of its past a store keeps for subscribers that are slow or come back. It forgets the oldest first.
public struct ChangeRetention: Hashable, Sendable {
    /// About how many bytes of memory; the newest commit is kept whatever its size. Default: 16 MiB.
    public var maximumBytes: Int
    /// How many commits. Default: 65,536.
    public var maximumCommits: Int
    /// Whether it begins when the store is opened, and goes on without subscribers. Default: false, it begins with the first
    /// subscriber and ends with the last, so that a store that nobody observes pays nothing.
    public var beginsAtOpening: Bool

    public init(maximumBytes: Int = 16 << 20, maximumCommits: Int = 65_536, beginsAtOpening: Bool = false) {
        self.maximumBytes = maximumBytes
        self.maximumCommits = maximumCommits
        self.beginsAtOpening = beginsAtOpening
    }
}
