/// The options of a transaction.
public struct TransactionOptions: Sendable {
    /// How often the closure is run at most. Default: 50.
    public var maximumAttempts: Int
    /// How long to wait between attempts.
    public var backoff: Backoff
    /// How safe the commit must be. Default: nil, for the store's own setting.
    public var durability: Durability?

    public init(maximumAttempts: Int = 50, backoff: Backoff = Backoff(), durability: Durability? = nil) {
        self.maximumAttempts = maximumAttempts
        self.backoff = backoff
        self.durability = durability
    }
}
