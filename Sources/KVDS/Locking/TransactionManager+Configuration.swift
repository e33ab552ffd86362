extension TransactionManager {
    /// How a manager's transactions behave; each setting has a documented default.
    public struct Configuration: Hashable, Sendable {
        /// How long a call waits for a lock at most; nil for as long as it takes. Default: 10 seconds.
        public var lockTimeout: Duration?
        /// How safe a commit must be when it is acknowledged. Default: nil, for the store's own setting.
        public var durability: Durability?

        public init(lockTimeout: Duration? = .seconds(10), durability: Durability? = nil) {
            self.lockTimeout = lockTimeout
            self.durability = durability
        }
    }
}
