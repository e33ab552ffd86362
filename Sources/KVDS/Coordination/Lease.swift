/// A lock that expires: its owner holds it until it is released or expires, and can renew it before that.
///
/// ```swift
/// guard let lease = try await Lease.acquire("lock:job-7", in: store, for: .seconds(30)) else { return }
/// try await work(fencingToken: lease.fencingToken)
/// try await lease.release()
/// ```
///
/// A lease is one key of a store, changed by `compareAndSwap`, so it applies to all users of the store. If its owner
/// disappears, another owner can take the lease after it has expired. No other owner can release or renew it.
///
/// An owner that is delayed for longer than its lease lasts does not notice this until it checks. So pass
/// ``fencingToken`` to the resource that the lease protects. The token grows with every owner, and a resource that has
/// seen a greater token should refuse a smaller one. The shorter a lease, the closer the clocks of its users must
/// agree.
public final class Lease: Sendable {
    /// The key that stores the lease.
    public let name: Bytes
    /// The owner's token, which no other holder has.
    public let owner: String
    /// The fencing token, which is greater than that of every earlier holder.
    public let fencingToken: UInt64

    private let store: any KeyValueStore
    private let duration: Duration
    private let clock: WallClock
    private let end: Monitor<Duration>

    private init(
        _ name: Bytes, in store: any KeyValueStore, _ record: LeaseRecord, duration: Duration, clock: WallClock
    ) {
        self.name = name
        self.store = store
        owner = record.owner
        fencingToken = record.fencingToken
        self.duration = duration
        self.clock = clock
        end = Monitor(record.expiry)
    }

    /// When the lease expires, as time since 1970; zero after it was released or found to be lost.
    public var expiry: Duration { end.withLock { $0 } }

    /// Whether the lease has not expired yet, as far as this holder knows.
    public var isHeld: Bool { clock.now() < expiry }

    /// Acquires the lease at `name`, if no other owner holds it.
    ///
    /// - Parameters:
    ///   - name: the key that stores the lease. Do not delete it: the fencing tokens would start again from 1.
    ///   - store: the store of the key.
    ///   - duration: how long the lease lasts unless it is renewed.
    ///   - patience: how long to wait while another owner holds the lease. Default: not at all.
    ///   - owner: a token that no other holder has. Default: a random one.
    ///   - clock: the clock by which the lease expires.
    /// - Returns: the lease, or nil when another owner holds it.
    /// - Throws: `.invalidValue` when the value of the key is not a lease, `.invalidArgument` when the duration is not
    ///   greater than zero, `.cancelled`, and the errors of the store.
    public static func acquire(
        _ name: Bytes, in store: any KeyValueStore, for duration: Duration, waitingUpTo patience: Duration = .zero,
        owner: String = randomOwner(), clock: WallClock = .system
    ) async throws(StoreError) -> Lease? {
        guard duration > .zero else {
            throw StoreError(
                .invalidArgument, "The lease duration must be greater than zero.", store: store.description, key: name)
        }
        let deadline = clock.now() + patience
        while true {
            let value = try await store.get(name)
            let held = try value.map { value throws(StoreError) in
                try LeaseRecord(value, at: name, of: store.description)
            }
            let now = clock.now()
            if let held, held.expiry > now {
                if now >= deadline { return nil }
                try await pause(min(held.expiry - now, deadline - now, longestPause), clock, store.description)
                continue
            }
            let (fencingToken, isUsedUp) = (held?.fencingToken ?? 0).addingReportingOverflow(1)
            if isUsedUp {
                throw StoreError(
                    .invalidValue, "The fencing token of the lease cannot grow any more; use another key.",
                    store: store.description, key: name)
            }
            let record = LeaseRecord(fencingToken: fencingToken, expiry: now + duration, owner: owner)
            if try await store.compareAndSwap(name, expected: value, new: record.bytes) {
                return Lease(name, in: store, record, duration: duration, clock: clock)
            }
        }
    }

    /// Renews the lease for the duration it was acquired for, counted from now.
    ///
    /// - Returns: false when the lease is lost: it had expired, was released, or belongs to another owner now.
    /// - Throws: the errors of the store; after `.outcomeUnknown` the old expiry stays.
    public func renew() async throws(StoreError) -> Bool {
        try await replace { held, now in
            held.expiry > now
                ? LeaseRecord(fencingToken: held.fencingToken, expiry: now + self.duration, owner: held.owner) : nil
        }
    }

    /// Ends the lease, so that another owner can acquire it immediately.
    ///
    /// - Returns: whether this holder still held it. The lease of another holder stays unchanged.
    /// - Throws: the errors of the store. The lease does not count as held in this case either: call `release()` again,
    ///   or let the lease expire.
    @discardableResult
    public func release() async throws(StoreError) -> Bool {
        // From here on it does not count as held, even if the attempt fails.
        end.withLock { $0 = .zero }
        return try await replace { held, _ in LeaseRecord(fencingToken: held.fencingToken, expiry: .zero, owner: "") }
    }

    /// Replaces the record of this holder.
    ///
    /// - Returns: false when the record is not of this holder, or `change` returned nil.
    private func replace(
        _ change: (LeaseRecord, Duration) -> LeaseRecord?
    ) async throws(StoreError) -> Bool {
        while true {
            guard let value = try await store.get(name),
                let held = try? LeaseRecord(value, at: name, of: store.description), held.owner == owner,
                held.fencingToken == fencingToken, let record = change(held, clock.now())
            else {
                end.withLock { $0 = .zero }
                return false
            }
            if try await store.compareAndSwap(name, expected: value, new: record.bytes) {
                // A concurrent renewal must not bring back a lease that was released or lost.
                end.withLock { if $0 > .zero { $0 = record.expiry } }
                return true
            }
        }
    }

    /// A token of 128 random bits.
    public static func randomOwner() -> String {
        var random = SystemRandomNumberGenerator()
        return String(random.next(), radix: 36) + "-" + String(random.next(), radix: 36)
    }

    /// A waiting call checks again after this time, because the lease may be released before it expires.
    private static let longestPause = Duration.milliseconds(100)

    private static func pause(_ time: Duration, _ clock: WallClock, _ store: String) async throws(StoreError) {
        do {
            try await clock.sleep(time)
        } catch {
            throw StoreError(
                .cancelled, "The task was cancelled while it waited for a lease.", store: store, cause: error)
        }
    }
}
