/// How long a group is kept open for the writers whom the group before it has answered: a pure value.
///
/// Writers that await each commit come back a moment after its answer. A group that began without them would leave them
/// to the next one: two halves that take turns, each with a sync of its own. So a group waits for as many as were just
/// answered, and no longer than the last commit took; where they do not come back, ever more rarely
/// (``AdaptiveWait``).
struct GroupCommitDelay {
    typealias Instant = ContinuousClock.Instant

    static let longestWait = Duration.milliseconds(5)

    /// How many requests make the group complete.
    private var expected = 0
    /// When it begins without them.
    private var deadline: Instant?
    private var patience = AdaptiveWait()

    /// Notes that a group was committed.
    ///
    /// - Parameters:
    ///   - answered: how many callers are about to be answered.
    ///   - waiting: how many have arrived meanwhile.
    mutating func groupEnded(answered: Int, waiting: Int, began: Instant, ended: Instant) {
        expected = answered + waiting
        deadline = patience.allowsWaiting() ? ended + min(ended - began, GroupCommitDelay.longestWait) : nil
    }

    /// Until when a group of `waiting` requests is worth keeping open; nil when it is complete.
    func deadline(waiting: Int) -> Instant? { waiting < expected ? deadline : nil }

    /// Notes that a group of `count` requests begins, and whether keeping it open has been in vain.
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
