/// A transaction that has not ended, as a listing shows it.
public struct LiveTransaction: Hashable, Sendable, Identifiable {
    public let id: UInt64
    /// How many keys and ranges it has locked.
    public let lockCount: Int
    /// Whether a call of it waits for a lock.
    public let isWaiting: Bool
    /// How many keys and ranges it would change.
    public let writeCount: Int
}
