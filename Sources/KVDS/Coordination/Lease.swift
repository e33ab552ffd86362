/// A lock that ends by itself: whoever holds it has it until it expires, is released, or is renewed for longer.
///
/// ```swift
/// guard let lease = try await Lease.acquire("lock:job-7", in: store, for: .seconds(30)) else { return }
/// try await work(fencingToken: lease.fencingToken)
/// try await lease.release()
/// ```
///
/// It lives at one key of a store, made of `setIfAbsent` and `compareAndSwap`, so it holds among all who share the store.
/// When its owner is gone, somebody else can take it over once it has expired; nobody can release or renew another's.
///
/// An owner that is held up for longer than its lease lasts does not notice before it looks. So hand ``fencingToken`` to whatever
/// the lease protects: it grows with every owner, and what has seen a greater one should refuse a smaller one. The clocks of
/// those who share a lease have to agree as closely as leases are short.
public final class Lease: Sendable {
    /// The key at which the lease lives.
    public let name: Bytes
    /// Who holds it: a token that no other holder has.
    public let owner: String
    /// Greater than that of every earlier holder.
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

    /// When the lease ends, as time since 1970; zero once it was released or found to be lost.
    public var expiry: Duration { end.withLock { $0 } }

    /// Whether the lease has not ended yet, as far as this holder knows.
    public var isHeld: Bool { clock.now() < expiry }

    /// Takes the lease at `name` if nobody holds it.
    ///
    /// - Parameters:
    ///   - name: the key at which it lives. Do not delete the key: the fencing token would begin anew.
    ///   - store: where it lives.
    ///   - duration: how long it lasts unless it is renewed.
    ///   - patience: how long to wait for it when somebody holds it. Default: not at all.
    ///   - owner: a token that no other holder has. Default: a random one.
    ///   - clock: where the time comes from.
    /// - Returns: the lease, or nil when somebody else holds it.
    /// - Throws: `.invalidValue` when the key has a value that is no lease, `.invalidArgument` when the duration is not
    ///   greater than zero, `.cancelled`, and what the store throws.
    public static func acquire(
        _ name: Bytes, in store: any KeyValueStore, for duration: Duration, waitingUpTo patience: Duration = .zero,
        owner: String = randomOwner(), clock: WallClock = .system
    ) async throws(StoreError) -> Lease? {
        guard duration > .zero else {
            throw StoreError(
                .invalidArgument, "A lease lasts longer than no time at all.", store: store.description, key: name)
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
                    .invalidValue, "The lease has no greater fencing token; use another key.",
                    store: store.description, key: name)
            }
            let record = LeaseRecord(fencingToken: fencingToken, expiry: now + duration, owner: owner)
            if try await store.compareAndSwap(name, expected: value, new: record.bytes) {
                return Lease(name, in: store, record, duration: duration, clock: clock)
            }
        }
    }

    /// Makes the lease last, from now on, as long as it was acquired for.
    ///
    /// - Returns: false when it had expired, was released, or belongs to somebody else by now: it is lost.
    /// - Throws: what the store throws; `.outcomeUnknown` leaves the old expiry.
    public func renew() async throws(StoreError) -> Bool {
        try await replace { held, now in
            held.expiry > now
                ? LeaseRecord(fencingToken: held.fencingToken, expiry: now + self.duration, owner: held.owner) : nil
        }
    }

    /// Ends the lease, so that somebody else can take it at once.
    ///
    /// - Returns: whether it was still this holder's; another's stays as it is.
    /// - Throws: what the store throws. The lease does not count as held then either; call it again, or leave it to expire.
    @discardableResult
    public func release() async throws(StoreError) -> Bool {
        // From here on it does not count as held, whatever becomes of the attempt.
        end.withLock { $0 = .zero }
        return try await replace { held, _ in LeaseRecord(fencingToken: held.fencingToken, expiry: .zero, owner: "") }
    }

    /// Replaces this holder's record.
    ///
    /// - Returns: whether it was this holder's, and `change` had something to replace it with.
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
                // What was released or lost is not held again, whatever a renewal beside that has heard.
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

    /// Who waits looks again this often, in case the lease is released before it expires.
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
