import Logging

/// The clock and the log of a ``SnapshotReaper``. Tests pass their own.
struct ReaperClock: Sendable {
    var now: @Sendable () -> ContinuousClock.Instant = { .now }
    /// Sleeps until the given time.
    var sleep: @Sendable (ContinuousClock.Instant) async throws -> Void = {
        try await Task.sleep(until: $0, clock: .continuous)
    }
    /// Makes the logger. Called for each warning.
    var logger: @Sendable () -> Logger = { Logger(label: "kvds") }
}
