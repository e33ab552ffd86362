/// Commits that other processes make to the same files. There is no notification of them, so the store polls for them
/// while it has subscribers.
extension EmbeddedStore {
    private static var interval: Duration { .milliseconds(50) }

    /// Starts to poll, if other processes may commit and no task polls yet.
    nonisolated func pollExternalCommits() {
        guard engine.isShared, feed.beginPolling() else { return }
        Task.detached { [weak self] in
            // The store is retained during a poll, but not between two polls.
            while await self?.pollOnce() == true { try? await Task.sleep(for: Self.interval) }
        }
    }

    /// Gives the feed the store's revision, if other processes have committed.
    ///
    /// - Returns: false if there are no subscribers any more.
    private nonisolated func pollOnce() async -> Bool {
        guard feed.continuesPolling() else { return false }
        // An error is ignored: reads and writes throw it too, and the next poll follows soon.
        let found = try? await retryBlocking(after: .wouldBlock) { () throws(EngineError) in
            try self.reading { () throws(EngineError) in
                try self.engine.makeSnapshot().revision(mayBlock: true)
            }
        }
        // The revision may be that of an own commit that is not published yet. An empty batch takes its turn among the
        // own commits, so it finds only those of other processes.
        if let found, feed.isBehind(found) { _ = try? await commit(WriteBatch()) }
        return true
    }
}
