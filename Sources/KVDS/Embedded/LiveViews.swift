import Logging

/// Something that holds a view of a store's engine and can be told to let go of it.
protocol RevocableView: AnyObject, Sendable {
    /// Lets go of the engine's view, after the reads of it that are under way; later use is answered with an error.
    func revoke(_ reason: ViewEnd)
}

/// A view whose holder is to be free to go.
private final class WeakView: RevocableView {
    private weak let view: (any RevocableView)?

    init(_ view: any RevocableView) { self.view = view }

    func revoke(_ reason: ViewEnd) { view?.revoke(reason) }
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
        let view: any RevocableView
        let since: ContinuousClock.Instant
        /// Whether it was warned of, and whether it was told to end because of its age.
        var isWarnedOf = false
        var isExpired = false
    }

    private struct State {
        /// Each at the index that ``add(_:)`` returned; nil where one was removed.
        var views: [Live?] = []
        /// The indices where there is none.
        var free: [Int] = []
        var watcher: Task<Void, Never>?
        /// Whether somebody waits until there are none.
        var isAwaited = false

        var count: Int { views.count - free.count }
        var live: some Sequence<Live> { views.lazy.compactMap(\.self) }
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

    /// Counts a view in, and keeps it until it is removed.
    ///
    /// - Returns: what to hand to ``remove(_:)`` once the view has let go of its snapshot.
    func add(_ view: any RevocableView) -> Int {
        let live = Live(view: view, since: watch.now())
        return state.withLock { state in
            if state.watcher == nil, warning != nil || limit != nil { state.watcher = makeWatcher() }
            guard let index = state.free.popLast() else {
                state.views.append(live)
                return state.views.count - 1
            }
            state.views[index] = live
            return index
        }
    }

    /// Counts a view in, which removes itself when nobody else holds it any more.
    func addWeakly(_ view: any RevocableView) -> Int { add(WeakView(view)) }

    func remove(_ index: Int) {
        // What is removed may go outside the lock only: it may hold what needs the lock itself.
        let (removed, isAwaited) = state.withLock { state in
            let removed = state.views[index]
            state.views[index] = nil
            state.free.append(index)
            return (removed, state.isAwaited)
        }
        withExtendedLifetime(removed) {}
        if isAwaited { state.wakeAll() }
    }

    var count: Int { state.withLock { $0.count } }

    /// How long the oldest view has been held.
    var oldestAge: Duration? {
        state.withLock { state in state.live.map(\.since).min().map { watch.now() - $0 } }
    }

    /// Tells every view to let go.
    func revokeEach(_ reason: ViewEnd) {
        let views = state.withLock { state in state.live.map(\.view) }
        for view in views { view.revoke(reason) }
    }

    /// Makes every view let go, and waits for those that are just doing so. No view may be added meanwhile.
    func revokeAll() {
        state.withLock { $0.isAwaited = true }
        revokeEach(.storeClosed)
        state.wait { $0.count == 0 ? () : nil }
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
            let next = state.live.compactMap { [warning, limit] live in
                [live.isWarnedOf ? nil : warning, live.isExpired ? nil : limit].compactMap(\.self).min().map {
                    live.since + $0
                }
            }.min()
            if next == nil { state.watcher = nil }
            return next
        }
    }

    private func lookAfterOldViews() {
        let now = watch.now()
        let (old, expired) = state.withLock { [warning, limit] state -> (Int, [any RevocableView]) in
            var old = 0
            var expired: [any RevocableView] = []
            for index in state.views.indices {
                guard var live = state.views[index] else { continue }
                if let warning, !live.isWarnedOf, live.since + warning <= now {
                    live.isWarnedOf = true
                    old += 1
                }
                if let limit, !live.isExpired, live.since + limit <= now {
                    live.isExpired = true
                    expired.append(live.view)
                }
                state.views[index] = live
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
