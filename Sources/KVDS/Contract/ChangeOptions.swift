/// What the events of a subscriber contain, and how they are buffered.
public struct ChangeOptions: Hashable, Sendable {
    /// Whether each change contains the value before it. While such a subscriber exists, every commit reads the
    /// previous values of the keys that it changes. Default: false.
    public var previousValues: Bool
    /// How many commits the subscriber takes out of the change log at a time and then retains: 1 to 1,024. It takes at
    /// most 1 MiB, or one commit if that is larger. Default: 1,024.
    public var bufferedCommits: Int

    public init(previousValues: Bool = false, bufferedCommits: Int = 1_024) {
        self.previousValues = previousValues
        self.bufferedCommits = bufferedCommits
    }
}
