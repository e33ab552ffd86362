/// How long a group is kept open for the writers whom the group before it has answered: a pure value.
///
/// Writers that await each commit come back a moment after its answer. A group that began without them would leave them
/// to the next one: two halves that take turns, each with a sync of its own. So a group waits for as many as were just
/// answered, and no longer than the last commit took. Where they do not come back that was in vain, and the
/// next group does not wait, then the next two, four, and so on: at worst one group in 65 is late.
struct Gathering {
    typealias Instant = ContinuousClock.Instant

    static let longestWait = Duration.milliseconds(5)
    private static let mostSkips = 64

    /// How many requests make the group complete.
    private var expected = 0
    /// When it begins without them.
    private var deadline: Instant?
    private var skips = 0
    private var nextSkips = 1

    /// Notes that a group was committed.
    ///
    /// - Parameters:
    ///   - answered: how many callers are about to be answered.
    ///   - waiting: how many have arrived meanwhile.
    mutating func groupEnded(answered: Int, waiting: Int, began: Instant, ended: Instant) {
        expected = answered + waiting
        if skips > 0 {
            skips -= 1
            deadline = nil
        } else {
            deadline = ended + min(ended - began, Gathering.longestWait)
        }
    }

    /// Until when a group of `waiting` requests is worth keeping open; nil when it is complete.
    func deadline(waiting: Int) -> Instant? { waiting < expected ? deadline : nil }

    /// Notes that a group of `count` requests begins, and whether keeping it open has been in vain.
    mutating func groupBegins(count: Int, at now: Instant) {
        guard let deadline else { return }
        self.deadline = nil
        if count >= expected {
            nextSkips = 1
        } else if now >= deadline {
            skips = nextSkips
            nextSkips = min(nextSkips * 2, Gathering.mostSkips)
        }
    }
}
