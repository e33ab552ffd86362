import Logging

/// Something that holds a view of a store's engine and can be told to let go of it.
protocol RevocableView: AnyObject, Sendable {
    /// Lets go of the engine's view, after the reads of it that are under way; later use is answered with an error.
    func revoke(_ reason: ViewEnd)
}

/// Why a view has ended before its holder let go of it.
enum ViewEnd: UInt8 {
    /// The snapshot it belongs to, or it itself, was closed.
    case closed = 1
    case storeClosed
    /// It became too old.
    case expired
}

/// The views of a store that are held now: for closing, for telling how many there are and how old, and for those that
/// become too old.
///
/// One task sleeps until the next of them is due. It begins with a view, and ends when it wakes and finds none.
final class LiveViews: Sendable {
    private struct Live {
        weak var view: (any RevocableView)?
        let since: ContinuousClock.Instant
        /// When it is to be warned of, and when it is to be ended; nil for never, and once that is done.
        var warning: ContinuousClock.Instant?
        var limit: ContinuousClock.Instant?
    }

    private struct State {
        var views: [UInt64: Live] = [:]
        var lastID: UInt64 = 0
        var watcher: Task<Void, Never>?
    }

    private let store: String
    private let warning: Duration?
    private let limit: Duration?
    private let watch: ViewWatch
    private let state = Monitor(State())

    /// - Parameters:
    ///   - store: what they are views of, for the log.
    ///   - warning: the age at which a view is warned of.
    ///   - limit: the age at which it is ended.
    init(of store: String = "", warning: Duration? = nil, limit: Duration? = nil, watch: ViewWatch = ViewWatch()) {
        self.store = store
        self.warning = warning
        self.limit = limit
        self.watch = watch
    }

    deinit { state.withLock { $0.watcher?.cancel() } }

    /// Counts a view in.
    ///
    /// - Returns: what to hand to ``remove(_:)`` once the view has let go of its snapshot.
    func add(_ view: any RevocableView) -> UInt64 {
        let now = watch.now()
        return state.withLock { state in
            state.lastID += 1
            state.views[state.lastID] = Live(
                view: view, since: now, warning: warning.map { now + $0 }, limit: limit.map { now + $0 })
            if state.watcher == nil, warning != nil || limit != nil { state.watcher = makeWatcher() }
            return state.lastID
        }
    }

    func remove(_ id: UInt64) {
        state.withLock { _ = $0.views.removeValue(forKey: id) }
        state.wakeAll()
    }

    var count: Int { state.withLock { $0.views.count } }

    /// How long the oldest view has been held.
    var oldestAge: Duration? {
        state.withLock { state in state.views.values.map(\.since).min().map { watch.now() - $0 } }
    }

    /// Tells every view to let go.
    func revokeEach(_ reason: ViewEnd) {
        let views = state.withLock { state in state.views.values.compactMap(\.view) }
        for view in views { view.revoke(reason) }
    }

    /// Makes every view let go, and waits for those that are just doing so. No view may be added meanwhile.
    func revokeAll() {
        revokeEach(.storeClosed)
        state.wait { $0.views.isEmpty ? () : nil }
        state.withLock { $0.watcher?.cancel() }
    }

    private func makeWatcher() -> Task<Void, Never> {
        Task.detached { [weak self, watch] in
            while let due = self?.nextDue() {
                do { try await watch.sleep(due) } catch { return }
                self?.lookAfterOldViews()
            }
        }
    }

    /// When a view is next due; nil, and the watcher ends, when none is.
    private func nextDue() -> ContinuousClock.Instant? {
        state.withLock { state in
            let next = state.views.values.flatMap { [$0.warning, $0.limit] }.compactMap(\.self).min()
            if next == nil { state.watcher = nil }
            return next
        }
    }

    private func lookAfterOldViews() {
        let now = watch.now()
        let (old, expired) = state.withLock { state -> (Int, [any RevocableView]) in
            var old = 0
            var expired: [any RevocableView] = []
            for (id, live) in state.views {
                if let warning = live.warning, warning <= now {
                    state.views[id]?.warning = nil
                    old += 1
                }
                if let limit = live.limit, limit <= now {
                    state.views[id]?.limit = nil
                    if let view = live.view { expired.append(view) }
                }
            }
            return (old, expired)
        }
        if old > 0 { warn(old) }
        for view in expired { view.revoke(.expired) }
    }

    private func warn(_ count: Int) {
        watch.logger().warning(
            "Scans or snapshots are held for long and keep deleted data: let go of them, or set viewAgeLimit.",
            metadata: ["store": "\(store)", "views": "\(count)", "heldFor": "\(warning.map { "\($0)" } ?? "")"])
    }
}

/// What the watch over the age of views goes by; tests bring their own.
struct ViewWatch: Sendable {
    var now: @Sendable () -> ContinuousClock.Instant = { .now }
    /// Sleeps until this moment.
    var sleep: @Sendable (ContinuousClock.Instant) async throws -> Void = {
        try await Task.sleep(until: $0, clock: .continuous)
    }
    /// Called when there is something to say.
    var logger: @Sendable () -> Logger = { Logger(label: "kvds") }
}
