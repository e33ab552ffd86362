import KVDS

/// A clock that only moves when a test advances it, for code that waits by a `Clock` and for leases.
///
/// ```swift
/// let clock = ManualClock()
/// let task = Task { try await clock.sleep(for: .seconds(60)) }
/// await clock.sleepers(1)
/// clock.advance(by: .seconds(60))
/// ```
public final class ManualClock: Clock {
    /// A time by the clock, counted from its creation.
    public struct Instant: InstantProtocol {
        public var offset: Duration

        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        public func duration(to other: Instant) -> Duration { other.offset - offset }
    }

    fileprivate struct State {
        var now = Instant(offset: .zero)
        var last = 0
        var sleepers: [Int: (deadline: Instant, sleeper: CheckedContinuation<Void, any Error>)] = [:]
        /// Tasks that wait for a given number of sleepers.
        var watchers: [Int: (count: Int, watcher: CheckedContinuation<Void, Never>)] = [:]
        /// Sleepers and watchers that were cancelled before they began to wait.
        var cancelled: Set<Int> = []
    }

    private let state = Monitor(State())

    public init() {}

    public var now: Instant { state.withLock { $0.now } }
    public var minimumResolution: Duration { .zero }

    /// The remaining times of all sleeping tasks, the shortest first.
    public var pauses: [Duration] {
        state.withLock { state in state.sleepers.values.map { state.now.duration(to: $0.deadline) }.sorted() }
    }

    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sleeper in
                let (result, woken) = state.withLock { state in state.begin(number, deadline, sleeper) }
                for watcher in woken { watcher.resume() }
                if let result { sleeper.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                if let sleeper = state.sleepers.removeValue(forKey: number) { return Optional(sleeper.sleeper) }
                state.cancelled.insert(number)
                return nil
            }
            sleeper?.resume(throwing: CancellationError())
        }
    }

    /// Advances the clock, and wakes the sleepers whose deadline has passed.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }.map(\.sleeper)
        }
        for sleeper in woken { sleeper.resume() }
    }

    /// Waits until at least `count` tasks sleep by the clock, or until the waiting task is cancelled.
    public func sleepers(_ count: Int) async {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { watcher in
                let isOver = state.withLock { state in
                    if state.cancelled.remove(number) != nil || state.sleepers.count >= count { return true }
                    state.watchers[number] = (count, watcher)
                    return false
                }
                if isOver { watcher.resume() }
            }
        } onCancel: {
            let watcher = state.withLock { state in
                if let watcher = state.watchers.removeValue(forKey: number) { return Optional(watcher.watcher) }
                state.cancelled.insert(number)
                return nil
            }
            watcher?.resume()
        }
    }
}

extension ManualClock.State {
    /// - Returns: the result for a sleeper that does not need to sleep, and the watchers whose count is reached.
    fileprivate mutating func begin(
        _ number: Int, _ deadline: ManualClock.Instant, _ sleeper: CheckedContinuation<Void, any Error>
    ) -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) {
        if cancelled.remove(number) != nil { return (.failure(CancellationError()), []) }
        if deadline <= now { return (.success(()), []) }
        sleepers[number] = (deadline, sleeper)
        let woken = watchers.filter { $0.value.count <= sleepers.count }
        for number in woken.keys { watchers[number] = nil }
        return (nil, woken.values.map(\.watcher))
    }
}
