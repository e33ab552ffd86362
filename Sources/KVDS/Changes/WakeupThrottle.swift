/// How a subscriber waits: where commits come in quick succession it sleeps for a moment before it asks to be woken, and
/// finds all of them together.
///
/// To wake somebody costs a writer more than a commit to memory. The first commit after a rest is told without delay:
///
///     commits     |                                 | | | | | | | | | | | |
///     wakes       |                                 | |
///     looks       |                                 | |       |       |       | waits to be woken
struct WakeupThrottle {
    /// Wakes that are closer together are a succession.
    static var succession: Duration { .milliseconds(1) }
    static var pauseLength: Duration { .microseconds(200) }

    private var lastWake: ContinuousClock.Instant?
    private var isQuick = false
    private var hasPaused = false

    /// Called when there is nothing to take.
    ///
    /// - Returns: how long to sleep before looking again; nil when it is time to wait for a wake.
    mutating func pause() -> Duration? {
        guard isQuick, !hasPaused else { return nil }
        hasPaused = true
        return Self.pauseLength
    }

    /// Called when there was something to take.
    mutating func took() { hasPaused = false }

    /// Called when a wait for a wake has ended.
    mutating func woken(at now: ContinuousClock.Instant) {
        isQuick = lastWake.map { now - $0 < Self.succession } ?? false
        hasPaused = false
        lastWake = now
    }
}
