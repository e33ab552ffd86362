/// A weak reference to a scan, so that the registry does not keep the scan alive.
private final class WeakView: Revocable {
    private weak let view: (any Revocable)?

    init(_ view: any Revocable) { self.view = view }

    func revoke(_ reason: RevocationReason) { view?.revoke(reason) }
}

/// The open snapshots and scans of a store, or the open scans of a snapshot. Closing revokes them, the statistics count
/// them, and a ``SnapshotReaper`` ends those that are too old.
final class SnapshotRegistry: Sendable {
    struct Live {
        /// Nil after it was removed.
        var view: (any Revocable)?
        var since: ContinuousClock.Instant
        /// Whether the reaper has warned of it, and whether it has ended it.
        var isWarnedOf = false
        var isExpired = false
    }

    struct State {
        /// Each at the index that ``add(_:)`` returned.
        var views: [Live] = []
        /// The unused indices.
        var free: [Int] = []
        /// The task of the reaper, while it runs.
        var watch: Task<Void, Never>?
        /// Whether ``SnapshotRegistry/revokeAll()`` waits until there are none.
        var isAwaited = false

        var count: Int { views.count - free.count }
        var live: some Sequence<Live> { views.lazy.filter { $0.view != nil } }
    }

    private let watcher: SnapshotReaper
    private let state: Monitor<State>

    /// - Parameters:
    ///   - store: the description of the store, for the log.
    ///   - warning: the age at which a warning is logged; nil for never.
    ///   - limit: the age at which a snapshot or scan is ended; nil for never.
    init(of store: String = "", warning: Duration? = nil, limit: Duration? = nil, watch: ReaperClock = ReaperClock()) {
        state = Monitor(State())
        watcher = SnapshotReaper(views: state, store: store, warning: warning, limit: limit, watch: watch)
    }

    deinit { state.withLock { $0.watch?.cancel() } }

    /// Registers a snapshot and retains it until it is removed.
    ///
    /// - Returns: the index to pass to ``remove(_:)`` after the engine snapshot was released.
    func add(_ view: any Revocable) -> Int {
        let now = watcher.now
        return state.withLock { state in
            if state.watch == nil { state.watch = watcher.start() }
            guard let index = state.free.popLast() else {
                state.views.append(Live(view: view, since: now))
                return state.views.count - 1
            }
            state.views[index] = Live(view: view, since: now)
            return index
        }
    }

    /// Registers a scan without retaining it. The scan removes itself when it ends or is released.
    func addWeakly(_ view: any Revocable) -> Int { add(WeakView(view)) }

    func remove(_ index: Int) {
        // Released outside the lock, because its deinitializer may need the lock.
        var removed: (any Revocable)?
        let isAwaited = state.withLock { state in
            swap(&state.views[index].view, &removed)
            state.free.append(index)
            return state.isAwaited
        }
        if isAwaited { state.wakeAll() }
    }

    var count: Int { state.withLock { $0.count } }

    /// How long the oldest snapshot or scan has been held.
    var oldestAge: Duration? {
        state.withLock { $0.live.map(\.since).min() }.map { watcher.now - $0 }
    }

    /// Revokes every snapshot and scan.
    func revokeEach(_ reason: RevocationReason) {
        let views = state.withLock { $0.views.compactMap(\.view) }
        for view in views { view.revoke(reason) }
    }

    /// Revokes every snapshot and scan, and waits until all are removed. None may be added in the meantime.
    func revokeAll() {
        state.withLock { $0.isAwaited = true }
        revokeEach(.storeClosed)
        state.wait { $0.count == 0 ? () : nil }
        state.withLock { $0.watch?.cancel() }
    }
}
