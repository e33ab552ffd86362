/// A task on the cooperative pool that beats every millisecond. How late its beats are tells how long the pool's threads
/// were held.
enum Heartbeat {
    /// How late each beat of `duration` was, in milliseconds.
    ///
    /// Each is due a millisecond after the one before it was: one that is held up makes those late that should have been
    /// meanwhile.
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
    /// What 99 % of them are not above.
    var p99: Double { sorted()[count * 99 / 100] }
    var worst: Double { self.max() ?? 0 }
}
