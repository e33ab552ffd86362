/// An exponential backoff with jitter: a random wait before the next attempt, whose bound doubles with each attempt.
///
/// The wait after attempt n lasts up to `initial` × 2ⁿ⁻¹, and never more than `maximum`. It is random, so that
/// tasks that collided once do not collide again.
public struct Backoff: Sendable {
    /// The bound of the wait after the first attempt. Default: 100 microseconds.
    public var initial: Duration
    /// The bound of all waits. Default: 100 milliseconds.
    public var maximum: Duration
    private let clock: any Clock<Duration>
    private let random: @Sendable () -> UInt64

    /// - Parameters:
    ///   - initial: the bound of the wait after the first attempt.
    ///   - maximum: the bound of all waits.
    ///   - clock: the clock that measures the waits.
    ///   - random: the source of randomness; returns any number each time.
    public init(
        initial: Duration = .microseconds(100), maximum: Duration = .milliseconds(100),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> UInt64 = { .random(in: 0 ... .max) }
    ) {
        self.initial = initial
        self.maximum = maximum
        self.clock = clock
        self.random = random
    }

    /// How long to wait after `attempt`, which counts from 1.
    func pause(after attempt: Int) -> Duration {
        var bound = initial
        var doublings = attempt - 1
        // Step by step: a large `initial` times 2ⁿ would overflow Duration.
        while doublings > 0, bound > .zero, bound < maximum {
            bound *= 2
            doublings -= 1
        }
        return min(bound, maximum) * (Double(random() >> 11) / 0x1p53)
    }

    /// Waits after `attempt` on a store.
    ///
    /// - Throws: `.cancelled`.
    func wait(after attempt: Int, of store: String) async throws(StoreError) {
        do {
            try await clock.sleep(for: pause(after: attempt))
        } catch {
            throw StoreError(
                .cancelled, "The task was cancelled before its next attempt; nothing changed.", store: store,
                cause: error)
        }
    }
}
