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
