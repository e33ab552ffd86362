/// How a transaction is run.
public struct TransactionOptions: Sendable {
    /// How often the closure is run at most. Default: 50.
    public var maximumAttempts: Int
    /// How long to wait between attempts.
    public var backoff: Backoff
    /// How safe the commit must be. Default: nil, for the store's own setting.
    public var durability: Durability?

    public init(maximumAttempts: Int = 50, backoff: Backoff = Backoff(), durability: Durability? = nil) {
        self.maximumAttempts = maximumAttempts
        self.backoff = backoff
        self.durability = durability
    }
}

/// Waiting before one tries again: a random time, whose bound doubles with each attempt.
///
/// After attempt n it is anything up to `first` × 2ⁿ⁻¹, and never more than `greatest`. That it is random keeps tasks which
/// met once from meeting again.
public struct Backoff: Sendable {
    /// The bound of the wait after the first attempt. Default: 100 microseconds.
    public var first: Duration
    /// The bound of all waits. Default: 100 milliseconds.
    public var greatest: Duration
    private let clock: any Clock<Duration>
    private let random: @Sendable () -> UInt64

    /// - Parameters:
    ///   - first: the bound of the wait after the first attempt.
    ///   - greatest: the bound of all waits.
    ///   - clock: what to wait by.
    ///   - random: where the chance comes from: any number each time.
    public init(
        first: Duration = .microseconds(100), greatest: Duration = .milliseconds(100),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> UInt64 = { .random(in: 0 ... .max) }
    ) {
        self.first = first
        self.greatest = greatest
        self.clock = clock
        self.random = random
    }

    /// How long to wait after `attempt`, which counts from 1.
    func pause(after attempt: Int) -> Duration {
        var bound = first
        var doublings = attempt - 1
        // Step by step: a great `first` times 2ⁿ would leave the range of Duration.
        while doublings > 0, bound > .zero, bound < greatest {
            bound *= 2
            doublings -= 1
        }
        return min(bound, greatest) * (Double(random() >> 11) / 0x1p53)
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
