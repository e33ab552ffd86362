/// Describes a transaction that has not ended.
public struct LiveTransaction: Hashable, Sendable, Identifiable {
    public let id: UInt64
    /// How many keys and ranges the transaction has locked.
    public let lockCount: Int
    /// Whether one of its calls waits for a lock.
    public let isWaiting: Bool
    /// How many keys and ranges it would change.
    public let writeCount: Int
}
