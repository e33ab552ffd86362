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

/// The views of a store that are held now: for closing, and for telling how many there are and how old.
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

    /// Tells every view to let go.
    func revokeEach(_ reason: ViewEnd) {
        let views = state.withLock { state in state.views.values.compactMap(\.view) }
        for view in views { view.revoke(reason) }
    }

    /// Makes every view let go, and waits for those that are just doing so. No view may be added meanwhile.
    func revokeAll() {
        revokeEach(.storeClosed)
        state.wait { $0.views.isEmpty ? () : nil }
    }
}
