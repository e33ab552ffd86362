#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A clock for leases: the time of day. Several processes agree on it, and it continues while they do not run.
public struct WallClock: Sendable {
    /// The time since 1970-01-01 00:00 UTC.
    public var now: @Sendable () -> Duration
    /// Waits for this time. Throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Makes a custom clock, for tests.
    public init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The clock of this computer.
    public static let system = WallClock {
        .seconds(Date().timeIntervalSince1970)
    } sleep: { time in
        try await ContinuousClock().sleep(for: time)
    }
}
