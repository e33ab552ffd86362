/// A task on the cooperative pool that wakes every millisecond. Its lag shows how long the pool's threads were blocked.
enum Heartbeat {
    /// Returns the lags of all wakeups during `duration`, in milliseconds.
    ///
    /// Each wakeup is due one millisecond after the previous one was due. A delay therefore also counts for the wakeups
    /// that should have happened in the meantime.
    static func lags(for duration: Duration) async throws -> [Double] {
        try await Task.detached {
            var lags: [Double] = []
            let start = ContinuousClock.now
            var due = start
            while due < start + duration {
                due += .milliseconds(1)
                try await Task.sleep(until: due, tolerance: .zero, clock: .continuous)
                lags.append((ContinuousClock.now - due) / .milliseconds(1))
            }
            return lags
        }.value
    }
}

extension [Double] {
    /// The 99th percentile.
    var p99: Double { sorted()[count * 99 / 100] }
    var worst: Double { self.max() ?? 0 }
}
