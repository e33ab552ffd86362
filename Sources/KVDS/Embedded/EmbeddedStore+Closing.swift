/// Closing refuses new commits, makes the queued ones, waits for reads, ends subscriptions, revokes snapshots and
/// scans, and closes the engine, in this order.
extension EmbeddedStore {
    public func close() async throws(StoreError) {
        let closing = closing ?? Task { await shutDown() }
        self.closing = closing
        try await closing.value.get()
    }

    private func shutDown() async -> Result<Void, StoreError> {
        queue.beginClosing()
        defer {
            queue.withLock { $0.finishClosing() }
            thread?.stop()
        }
        do throws(StoreError) {
            // Closing may wait for a read or free much memory, so it runs on a thread even if commits do not. It runs
            // here if the system cannot start one.
            if let thread = thread ?? (try? WorkerThreads()) {
                try await thread.run { () throws(StoreError) in try self.closeEngine() }
            } else {
                try closeEngine()
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private nonisolated func closeEngine() throws(StoreError) {
        // The last caller to join the queue may not have called `startDraining` yet. That drain will find an empty
        // queue.
        drain()
        gate.close()
        feed.finish(closedError)
        openSnapshots.revokeAll()
        try engine.close()
    }
}
