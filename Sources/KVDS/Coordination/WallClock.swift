#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The time of day, as leases need it: one that several processes agree on, and that goes on while they are not there.
public struct WallClock: Sendable {
    /// The time since 1970-01-01 00:00 UTC.
    public var now: @Sendable () -> Duration
    /// Waits; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// A clock of your own, for tests.
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
