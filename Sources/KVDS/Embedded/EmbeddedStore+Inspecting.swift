import Synchronization

extension EmbeddedStore: StoreInspector {
    public nonisolated var isShared: Bool { engine.isShared }

    public nonisolated func inspect() async throws(StoreError) -> StoreStatistics {
        let engine = try await retryBlocking(after: .wouldBlock) { () throws(EngineError) in
            try self.reading { () throws(EngineError) in try self.engine.inspect() }
        }
        return StoreStatistics(
            engine: engine, openSnapshots: openSnapshots.count, oldestSnapshotAge: openSnapshots.oldestAge,
            changeSubscribers: feed.count, commits: counters.commits.load(ordering: .relaxed),
            groups: counters.groups.load(ordering: .relaxed),
            syncs: counters.syncs.load(ordering: .relaxed),
            waitingCommits: queue.withLock { $0.waitingCount })
    }

    public nonisolated func verifyAll(progress: (Int) -> Void) async throws(StoreError) -> Int {
        try await verifyEntries(progress: progress)
    }
}
