/// A weak reference to a scan, so that the registry does not keep the scan alive.
private final class WeakReference: Revocable {
    private weak let scan: (any Revocable)?

    init(_ scan: any Revocable) { self.scan = scan }

    func revoke(_ reason: RevocationReason) { scan?.revoke(reason) }
}

/// The open snapshots and scans of a store, or the open scans of a snapshot. Closing revokes them, the statistics count
/// them, and a ``SnapshotReaper`` ends those that are too old.
final class SnapshotRegistry: Sendable {
    struct Registration {
        /// Nil after it was removed.
        var holder: (any Revocable)?
        var since: ContinuousClock.Instant
        /// Whether the reaper has warned of it, and whether it has ended it.
        var isWarnedOf = false
        var isExpired = false
    }

    struct State {
        /// Each at the index that ``add(_:)`` returned.
        var registrations: [Registration] = []
        /// The unused indices.
        var free: [Int] = []
        /// The task of the reaper, while it runs.
        var reaping: Task<Void, Never>?
        /// Whether ``SnapshotRegistry/revokeAll()`` waits until there are none.
        var isAwaited = false

        var count: Int { registrations.count - free.count }
        var open: some Sequence<Registration> { registrations.lazy.filter { $0.holder != nil } }
    }

    private let reaper: SnapshotReaper
    private let state: Monitor<State>

    /// - Parameters:
    ///   - store: the description of the store, for the log.
    ///   - warning: the age at which a warning is logged; nil for never.
    ///   - limit: the age at which a snapshot or scan is ended; nil for never.
    init(of store: String = "", warning: Duration? = nil, limit: Duration? = nil, clock: ReaperClock = ReaperClock()) {
        state = Monitor(State())
        reaper = SnapshotReaper(state: state, store: store, warning: warning, limit: limit, clock: clock)
    }

    deinit { state.withLock { $0.reaping?.cancel() } }

    /// Registers a snapshot and retains it until it is removed.
    ///
    /// - Returns: the index to pass to ``remove(_:)`` after the engine snapshot was released.
    func add(_ holder: any Revocable) -> Int {
        let now = reaper.now
        return state.withLock { state in
            if state.reaping == nil { state.reaping = reaper.start() }
            guard let index = state.free.popLast() else {
                state.registrations.append(Registration(holder: holder, since: now))
                return state.registrations.count - 1
            }
            state.registrations[index] = Registration(holder: holder, since: now)
            return index
        }
    }

    /// Registers a scan without retaining it. The scan removes itself when it ends or is released.
    func addWeakly(_ scan: any Revocable) -> Int { add(WeakReference(scan)) }

    func remove(_ index: Int) {
        // Released outside the lock, because its deinitializer may need the lock.
        var removed: (any Revocable)?
        let isAwaited = state.withLock { state in
            swap(&state.registrations[index].holder, &removed)
            state.free.append(index)
            return state.isAwaited
        }
        if isAwaited { state.wakeAll() }
    }

    var count: Int { state.withLock { $0.count } }

    /// How long the oldest snapshot or scan has been held.
    var oldestAge: Duration? {
        state.withLock { $0.open.map(\.since).min() }.map { reaper.now - $0 }
    }

    /// Revokes every snapshot and scan.
    func revokeEach(_ reason: RevocationReason) {
        let holders = state.withLock { $0.registrations.compactMap(\.holder) }
        for holder in holders { holder.revoke(reason) }
    }

    /// Revokes every snapshot and scan, and waits until all are removed. None may be added in the meantime.
    func revokeAll() {
        state.withLock { $0.isAwaited = true }
        revokeEach(.storeClosed)
        state.wait { $0.count == 0 ? () : nil }
        state.withLock { $0.reaping?.cancel() }
    }
}
