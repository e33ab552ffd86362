import Synchronization

/// The settings of a store. Each has a documented default.
public struct StoreConfiguration: Hashable, Sendable {
    /// The durability of commits whose batch requests none. Default: `.durable`. A memory store always reaches
    /// `.volatile`.
    public var durability: Durability

    /// The age of an open scan or snapshot at which the store logs a warning, once for each. The warning names the
    /// store and contains no keys. Old snapshots keep deleted data alive. Default: 1 minute; nil for no warning.
    public var snapshotAgeWarning: Duration?
    /// The age at which the store ends a scan or snapshot, including the snapshot of a transaction. Its reads then
    /// throw `.snapshotExpired`. Default: nil, for no limit.
    public var snapshotAgeLimit: Duration?
    /// How much of the change log the store keeps for subscribers. Default: ``ChangeRetention`` with its own defaults.
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
