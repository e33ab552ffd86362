import Logging

/// Warns of snapshots and scans that are held for too long, and ends them.
///
/// One task sleeps until the next one is due. It starts when one is registered, and ends when it wakes and none can
/// become due. The task retains the state of the ``SnapshotRegistry`` but not the registry, which cancels the task when
/// it is released.
struct SnapshotReaper: Sendable {
    let views: Monitor<SnapshotRegistry.State>
    /// The description of the store, for the log.
    let store: String
    let warning: Duration?
    let limit: Duration?
    let watch: ReaperClock

    var now: ContinuousClock.Instant { watch.now() }

    /// - Returns: the task; nil when there is neither a warning age nor an age limit.
    func start() -> Task<Void, Never>? {
        if warning == nil, limit == nil { return nil }
        return Task.detached {
            while let due = nextDue() {
                do { try await watch.sleep(due) } catch { return }
                lookAfterOldViews()
            }
        }
    }

    /// When to wake next: when a snapshot is due, or when one that is registered later may be. It is nil, and the task
    /// ends, when none can become due.
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
            "Scans or snapshots are held for long and keep deleted data: release them, or set snapshotAgeLimit.",
            metadata: ["store": "\(store)", "views": "\(count)", "heldFor": "\(warning.map { "\($0)" } ?? "")"])
    }
}
