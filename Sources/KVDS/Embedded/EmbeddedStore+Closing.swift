/// Closing: stop taking commits, finish those queued, let readers out, end scans, close the engine. In this order.
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
            // Closing may wait for a reader or free much memory, so it has a thread even where commits have none, as
            // long as the system has one to give.
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
        // Whoever joined the queue last may not have told the thread yet, and will find it empty.
        drain()
        gate.close()
        feed.finish(closedError)
        views.revokeAll()
        try engine.close()
    }
}
