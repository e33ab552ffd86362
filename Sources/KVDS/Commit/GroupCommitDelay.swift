/// How long a commit group waits for the writers that the previous group answered. It is a pure value.
///
/// A writer that awaits each of its commits requests the next one shortly after. If the next group started immediately,
/// it would miss these writers, and the load would split into two alternating groups, each with a sync of its own. So a
/// group waits until as many requests are there as were just answered, but no longer than the last commit took and no
/// longer than ``longestWait``. If the writers do not return, groups wait more and more rarely (``AdaptiveWait``).
struct GroupCommitDelay {
    typealias Instant = ContinuousClock.Instant

    static let longestWait = Duration.milliseconds(5)

    /// How many requests make the group complete.
    private var expected = 0
    /// When the group begins without them.
    private var deadline: Instant?
    private var patience = AdaptiveWait()

    /// Notes that a group was committed.
    ///
    /// - Parameters:
    ///   - answered: how many callers are about to be answered.
    ///   - waiting: how many requests have arrived in the meantime.
    mutating func groupEnded(answered: Int, waiting: Int, began: Instant, ended: Instant) {
        expected = answered + waiting
        deadline = patience.allowsWaiting() ? ended + min(ended - began, GroupCommitDelay.longestWait) : nil
    }

    /// Until when a group of `waiting` requests is kept open; nil when it can begin.
    func deadline(waiting: Int) -> Instant? { waiting < expected ? deadline : nil }

    /// Notes that a group of `count` requests begins, and whether the delay paid off.
    mutating func groupBegins(count: Int, at now: Instant) {
        guard let deadline else { return }
        self.deadline = nil
        if count >= expected {
            patience.paidOff()
        } else if now >= deadline {
            patience.wasInVain()
        }
    }
}
