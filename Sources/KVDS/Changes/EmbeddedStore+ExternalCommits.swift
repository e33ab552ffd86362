/// Commits that other processes make to the same files: nobody tells of them, so they are looked for while there are
/// subscribers.
extension EmbeddedStore {
    private static var interval: Duration { .milliseconds(50) }

    /// Begins to look, if other processes may commit and nobody looks yet.
    nonisolated func pollExternalCommits() {
        guard engine.isShared, feed.beginLooking() else { return }
        Task.detached { [weak self] in
            // The store is held for a look, and not between two.
            while await self?.lookOnce() == true { try? await Task.sleep(for: Self.interval) }
        }
    }

    /// Tells the feed where the store is, if that is further than its own commits have brought it.
    ///
    /// - Returns: false when there is nobody to look for.
    private nonisolated func lookOnce() async -> Bool {
        guard feed.goesOnLooking() else { return false }
        // What fails here is told to those who read or write; the next look is soon.
        let found = try? await readWaiting { () throws(StoreError) in
            try self.reading { () throws(StoreError) in
                try self.engine.makeSnapshot().revision(mayBlock: true)
            }
        }
        // A commit of this store's own may have been found before the feed knows of it. In its turn among them, a commit of
        // nothing finds just those of others.
        if let found, feed.isBehind(found) { _ = try? await commit(WriteBatch()) }
        return true
    }
}
