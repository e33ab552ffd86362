/// Limits the wakeups of a subscriber: if commits come in quick succession, it sleeps briefly before it waits for a
/// wakeup, and then takes several commits together.
///
/// A wakeup costs a writer more than a commit to memory. The first commit after a pause is delivered without delay:
///
///     commits     |                                 | | | | | | | | | | | |
///     wakeups     |                                 | |
///     takes       |                                 | |       |       |       | waits for a wakeup
struct WakeupThrottle {
    /// Wakeups that are closer together are in quick succession.
    static var succession: Duration { .milliseconds(1) }
    static var pauseLength: Duration { .microseconds(200) }

    private var lastWake: ContinuousClock.Instant?
    private var isQuick = false
    private var hasPaused = false

    /// Called when there is nothing to take.
    ///
    /// - Returns: how long to sleep before the next attempt; nil to wait for a wakeup.
    mutating func pause() -> Duration? {
        guard isQuick, !hasPaused else { return nil }
        hasPaused = true
        return Self.pauseLength
    }

    /// Called when there was something to take.
    mutating func took() { hasPaused = false }

    /// Called when a wait for a wakeup has ended.
    mutating func woken(at now: ContinuousClock.Instant) {
        isQuick = lastWake.map { now - $0 < Self.succession } ?? false
        hasPaused = false
        lastWake = now
    }
}
