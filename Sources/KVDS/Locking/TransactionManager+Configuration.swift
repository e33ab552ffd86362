extension TransactionManager {
    /// The configuration of a transaction manager. Each setting has a documented default.
    public struct Configuration: Hashable, Sendable {
        /// How long a call waits for a lock at most; nil for no limit. Default: 10 seconds.
        public var lockTimeout: Duration?
        /// How safe a commit must be when it is acknowledged. Default: nil, for the store's own setting.
        public var durability: Durability?

        public init(lockTimeout: Duration? = .seconds(10), durability: Durability? = nil) {
            self.lockTimeout = lockTimeout
            self.durability = durability
        }
    }
}
