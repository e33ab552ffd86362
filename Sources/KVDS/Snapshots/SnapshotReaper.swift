import Logging

/// Looks after views that become too old: warns of them, and ends them.
///
/// One task sleeps until the next of them is due. It begins with a view, and ends when it wakes and finds none. It holds the
/// list of the views and not whoever keeps the list, who cancels it.
struct SnapshotReaper: Sendable {
    let views: Monitor<SnapshotRegistry.State>
    /// Of what store they are, for the log.
    let store: String
    let warning: Duration?
    let limit: Duration?
    let watch: ReaperClock

    var now: ContinuousClock.Instant { watch.now() }

    /// - Returns: the task, if there is anything to look after.
    func start() -> Task<Void, Never>? {
        if warning == nil, limit == nil { return nil }
        return Task.detached {
            while let due = nextDue() {
                do { try await watch.sleep(due) } catch { return }
                lookAfterOldViews()
            }
        }
    }

    /// When to look next: when a view is due, or one that comes later may be; nil, and the task ends, when none is due.
    private func nextDue() -> ContinuousClock.Instant? {
        views.withLock { state in
            let next = state.live.compactMap { live in
                [live.isWarnedOf ? nil : warning, live.isExpired ? nil : limit].compactMap(\.self).min().map {
                    live.since + $0
                }
            }.min()
            guard let next, let shortest = [warning, limit].compactMap(\.self).min() else {
                state.watch = nil
                return nil
            }
            return min(next, now + shortest)
        }
    }

    private func lookAfterOldViews() {
        let now = now
        let (old, expired) = views.withLock { state -> (Int, [any Revocable]) in
            var old = 0
            var expired: [any Revocable] = []
            for index in state.views.indices {
                let live = state.views[index]
                guard let view = live.view else { continue }
                if let warning, !live.isWarnedOf, live.since + warning <= now {
                    state.views[index].isWarnedOf = true
                    old += 1
                }
                if let limit, !live.isExpired, live.since + limit <= now {
                    state.views[index].isExpired = true
                    expired.append(view)
                }
            }
            return (old, expired)
        }
        if old > 0 { warn(old) }
        for view in expired { view.revoke(.expired) }
    }

    private func warn(_ count: Int) {
        watch.logger().warning(
            "Scans or snapshots are held for long and keep deleted data: let go of them, or set snapshotAgeLimit.",
            metadata: ["store": "\(store)", "views": "\(count)", "heldFor": "\(warning.map { "\($0)" } ?? "")"])
    }
}
