/// A view whose holder is to be free to go.
private final class WeakView: Revocable {
    private weak let view: (any Revocable)?

    init(_ view: any Revocable) { self.view = view }

    func revoke(_ reason: RevocationReason) { view?.revoke(reason) }
}

/// The views of a store that are held now: for closing, for telling how many there are and how old, and for those that
/// become too old, which a ``SnapshotReaper`` looks after.
final class SnapshotRegistry: Sendable {
    struct Live {
        /// Nil where a view was removed.
        var view: (any Revocable)?
        var since: ContinuousClock.Instant
        /// Whether it was warned of, and whether it was told to end because of its age.
        var isWarnedOf = false
        var isExpired = false
    }

    struct State {
        /// Each at the index that ``add(_:)`` returned.
        var views: [Live] = []
        /// The indices where there is none.
        var free: [Int] = []
        /// The task of the watcher, while there is one.
        var watch: Task<Void, Never>?
        /// Whether somebody waits until there are none.
        var isAwaited = false

        var count: Int { views.count - free.count }
        var live: some Sequence<Live> { views.lazy.filter { $0.view != nil } }
    }

    private let watcher: SnapshotReaper
    private let state: Monitor<State>

    /// - Parameters:
    ///   - store: what they are views of, for the log.
    ///   - warning: the age at which a view is warned of.
    ///   - limit: the age at which it is ended.
    init(of store: String = "", warning: Duration? = nil, limit: Duration? = nil, watch: ReaperClock = ReaperClock()) {
        state = Monitor(State())
        watcher = SnapshotReaper(views: state, store: store, warning: warning, limit: limit, watch: watch)
    }

    deinit { state.withLock { $0.watch?.cancel() } }

    /// Counts a view in, and keeps it until it is removed.
    ///
    /// - Returns: what to hand to ``remove(_:)`` once the view has let go of its snapshot.
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

    /// Counts a view in, which removes itself when nobody else holds it any more.
    func addWeakly(_ view: any Revocable) -> Int { add(WeakView(view)) }

    func remove(_ index: Int) {
        // What is removed goes outside the lock: its end may need the lock itself.
        var removed: (any Revocable)?
        let isAwaited = state.withLock { state in
            swap(&state.views[index].view, &removed)
            state.free.append(index)
            return state.isAwaited
        }
        if isAwaited { state.wakeAll() }
    }

    var count: Int { state.withLock { $0.count } }

    /// How long the oldest view has been held.
    var oldestAge: Duration? {
        state.withLock { $0.live.map(\.since).min() }.map { watcher.now - $0 }
    }

    /// Tells every view to let go.
    func revokeEach(_ reason: RevocationReason) {
        let views = state.withLock { $0.views.compactMap(\.view) }
        for view in views { view.revoke(reason) }
    }

    /// Makes every view let go, and waits for those that are just doing so. No view may be added meanwhile.
    func revokeAll() {
        state.withLock { $0.isAwaited = true }
        revokeEach(.storeClosed)
        state.wait { $0.count == 0 ? () : nil }
        state.withLock { $0.watch?.cancel() }
    }
}
