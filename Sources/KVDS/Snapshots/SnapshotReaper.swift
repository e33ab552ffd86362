import Logging

/// Warns of snapshots and scans that are held for too long, and ends them.
///
/// One task sleeps until the next one is due. It starts when one is registered, and ends when it wakes and none can
/// become due. The task retains the state of the ``SnapshotRegistry`` but not the registry, which cancels the task when
/// it is released.
struct SnapshotReaper: Sendable {
    let state: Monitor<SnapshotRegistry.State>
    /// The description of the store, for the log.
    let store: String
    let warning: Duration?
    let limit: Duration?
    let clock: ReaperClock

    var now: ContinuousClock.Instant { clock.now() }

    /// - Returns: the task; nil when there is neither a warning age nor an age limit.
    func start() -> Task<Void, Never>? {
        if warning == nil, limit == nil { return nil }
        return Task.detached {
            while let due = nextDue() {
                do { try await clock.sleep(due) } catch { return }
                reap()
            }
        }
    }

    /// When to wake next: when a snapshot is due, or when one that is registered later may be. It is nil, and the task
    /// ends, when none can become due.
    private func nextDue() -> ContinuousClock.Instant? {
        state.withLock { state in
            let next = state.open.compactMap { one in
                [one.isWarnedOf ? nil : warning, one.isExpired ? nil : limit].compactMap(\.self).min().map {
                    one.since + $0
                }
            }.min()
            guard let next, let shortest = [warning, limit].compactMap(\.self).min() else {
                state.reaping = nil
                return nil
            }
            return min(next, now + shortest)
        }
    }

    private func reap() {
        let now = now
        let (old, expired) = state.withLock { state -> (Int, [any Revocable]) in
            var old = 0
            var expired: [any Revocable] = []
            for index in state.registrations.indices {
                let one = state.registrations[index]
                guard let holder = one.holder else { continue }
                if let warning, !one.isWarnedOf, one.since + warning <= now {
                    state.registrations[index].isWarnedOf = true
                    old += 1
                }
                if let limit, !one.isExpired, one.since + limit <= now {
                    state.registrations[index].isExpired = true
                    expired.append(holder)
                }
            }
            return (old, expired)
        }
        if old > 0 { warn(old) }
        for holder in expired { holder.revoke(.expired) }
    }

    private func warn(_ count: Int) {
        clock.logger().warning(
            "Scans or snapshots are held for long and keep deleted data: release them, or set snapshotAgeLimit.",
            metadata: ["store": "\(store)", "snapshots": "\(count)", "heldFor": "\(warning.map { "\($0)" } ?? "")"])
    }
}
