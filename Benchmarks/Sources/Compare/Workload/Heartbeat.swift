import Histogram

/// A task on the cooperative pool that beats every millisecond. How late its beats are tells how long the pool's threads
/// were held.
enum Heartbeat {
    struct Lags: Sendable {
        /// In milliseconds.
        let p99: Double
        let worst: Double
    }

    /// The beats during `duration`, each due a millisecond after the one before it was: one that is held up makes those late
    /// that should have been meanwhile.
    static func beat(for duration: Duration) async throws -> Lags {
        try await Task.detached {
            var lags = Histogram<UInt64>(highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .three)
            let start = ContinuousClock.now
            var due = start
            while due < start + duration {
                due += .milliseconds(1)
                try await Task.sleep(until: due, tolerance: .zero, clock: .continuous)
                lags.record(UInt64(max((ContinuousClock.now - due) / .nanoseconds(1), 0)))
            }
            return Lags(p99: Double(lags.valueAtPercentile(99)) / 1e6, worst: Double(lags.max) / 1e6)
        }.value
    }
}
