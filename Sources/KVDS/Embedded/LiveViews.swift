/// Something that holds a snapshot and can be told to let go of it.
protocol RevocableView: AnyObject, Sendable {
    /// Lets go of the snapshot; later use of the view is answered with `.closed`.
    func revoke()
}

/// The views of a store that hold a snapshot now: for closing, and for telling how many there are and how old.
final class LiveViews: Sendable {
    private struct Live {
        weak var view: (any RevocableView)?
        let since: ContinuousClock.Instant
    }

    private struct State {
        var views: [UInt64: Live] = [:]
        var lastID: UInt64 = 0
    }

    private let state = Monitor(State())

    /// Counts a view in.
    ///
    /// - Returns: what to hand to ``remove(_:)`` once the view has let go of its snapshot.
    func add(_ view: any RevocableView) -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            state.views[state.lastID] = Live(view: view, since: .now)
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
        state.withLock { state in state.views.values.map(\.since).min().map { .now - $0 } }
    }

    /// Makes every view let go, and waits for those that are just doing so. No view may be added meanwhile.
    func revokeAll() {
        let views = state.withLock { state in state.views.values.compactMap(\.view) }
        for view in views { view.revoke() }
        state.wait { $0.views.isEmpty ? () : nil }
    }
}
