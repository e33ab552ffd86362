import Synchronization

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

extension EmbeddedStore: StoreInspector {
    public nonisolated var isShared: Bool { engine.isShared }

    public nonisolated func statistics() async throws(StoreError) -> StoreStatistics {
        let engine = try await readWaiting { () throws(StoreError) in
            try self.reading { () throws(StoreError) in try self.engine.inspect() }
        }
        return StoreStatistics(
            engine: engine, openSnapshots: views.count, oldestSnapshotAge: views.oldestAge,
            changeSubscribers: feed.count, commits: counters.commits.load(ordering: .relaxed),
            groups: counters.groups.load(ordering: .relaxed),
            syncs: counters.syncs.load(ordering: .relaxed),
            waitingCommits: queue.withLock { $0.waitingCount })
    }

    public nonisolated func verify(progress: (Int) -> Void) async throws(StoreError) -> Int {
        var count = 0
        var last: Bytes?
        for try await page in entries().pages {
            for entry in page {
                let isOrdered = last.map { $0 < entry.key } ?? true
                let isAllowed =
                    1...limits.maximumKeyLength ~= entry.key.count && entry.value.count <= limits.maximumValueLength
                if !isOrdered || !isAllowed {
                    throw StoreError(
                        .corrupt,
                        "After \(count) entries one is out of order or of a length that cannot be; restore a backup.",
                        store: description)
                }
                last = entry.key
                count += 1
            }
            progress(count)
        }
        return count
    }
}
