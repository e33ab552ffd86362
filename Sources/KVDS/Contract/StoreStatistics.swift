/// The statistics of a store.
public struct StoreStatistics: Sendable {
    /// The statistics of the engine.
    public var engine: EngineStatistics
    /// The number of open scans and snapshots.
    public var openSnapshots: Int
    /// The age of the oldest open scan or snapshot; nil if there is none. Old snapshots keep deleted data alive.
    public var oldestSnapshotAge: Duration?
    /// The number of subscribers to the change feed.
    public var changeSubscribers: Int
    /// The number of batches committed since the store was opened.
    public var commits: Int
    /// The number of commit groups since the store was opened.
    public var groups: Int
    /// The number of commit groups that were synced to disk.
    public var syncs: Int
    /// The number of batches that wait to be committed.
    public var waitingCommits: Int
}
