/// What a store can tell about itself.
public struct StoreStatistics: Sendable {
    /// What the engine knows.
    public var engine: EngineStatistics
    /// How many scans and snapshots hold a view now.
    public var openSnapshots: Int
    /// How long the oldest of them has been held. Old views keep deleted data on disk.
    public var oldestSnapshotAge: Duration?
    /// How many subscribers observe the changes now.
    public var changeSubscribers: Int
    /// How many batches were committed since the store was opened.
    public var commits: Int
    /// In how many groups.
    public var groups: Int
    /// With how many syncs of a disk.
    public var syncs: Int
    /// How many batches wait to be committed now.
    public var waitingCommits: Int
}
