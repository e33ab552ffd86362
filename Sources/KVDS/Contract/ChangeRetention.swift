/// How much of the change log a store keeps for subscribers that are slow or come back. The oldest commits are
/// discarded first.
public struct ChangeRetention: Hashable, Sendable {
    /// The approximate size of the change log in bytes. The newest commit is kept, whatever its size. Default: 16 MiB.
    public var maximumBytes: Int
    /// The maximum number of commits in the change log. Default: 65,536.
    public var maximumCommits: Int
    /// Whether the store records commits from its opening on, also without subscribers. Default: false. Recording then
    /// starts with the first subscriber and ends with the last, so that a store without subscribers has no cost.
    public var beginsAtOpening: Bool

    public init(maximumBytes: Int = 16 << 20, maximumCommits: Int = 65_536, beginsAtOpening: Bool = false) {
        self.maximumBytes = maximumBytes
        self.maximumCommits = maximumCommits
        self.beginsAtOpening = beginsAtOpening
    }
}
