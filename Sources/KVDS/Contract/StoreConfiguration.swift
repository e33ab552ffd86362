import Synchronization

/// How a store behaves; each setting has a documented default.
public struct StoreConfiguration: Hashable, Sendable {
    /// How safe a commit is whose batch asks for nothing else. Default: `.durable`. A memory store is always `.volatile`.
    public var durability: Durability

    /// After what time a scan or snapshot that is still held is warned of in the log, once, with the store and no keys. Old
    /// views keep deleted data. Default: 1 minute; nil for no warning.
    public var snapshotAgeWarning: Duration?
    /// After what time a scan or snapshot is ended, also one that a transaction reads by, so that its reads throw
    /// `.snapshotExpired`. Default: nil, never.
    public var snapshotAgeLimit: Duration?
    /// How much is kept for those who observe changes.
    public var changeRetention: ChangeRetention

    public init(
        durability: Durability = .durable, snapshotAgeWarning: Duration? = .seconds(60),
        snapshotAgeLimit: Duration? = nil,
        changeRetention: ChangeRetention = ChangeRetention()
    ) {
        self.durability = durability
        self.snapshotAgeWarning = snapshotAgeWarning
        self.snapshotAgeLimit = snapshotAgeLimit
        self.changeRetention = changeRetention
    }
}
