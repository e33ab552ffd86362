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
