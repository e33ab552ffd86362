import Logging

/// What the watch over the age of views goes by; tests bring their own.
struct ReaperClock: Sendable {
    var now: @Sendable () -> ContinuousClock.Instant = { .now }
    /// Sleeps until this moment.
    var sleep: @Sendable (ContinuousClock.Instant) async throws -> Void = {
        try await Task.sleep(until: $0, clock: .continuous)
    }
    /// Called when there is something to say.
    var logger: @Sendable () -> Logger = { Logger(label: "kvds") }
}
