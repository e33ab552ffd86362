import KVDS

/// A clock that stands still until it is told to go on: for what waits by a clock that it is handed.
public final class ManualClock: Clock, Sendable {
    /// A time of a manual clock: how far it has been moved.
    public struct Instant: InstantProtocol {
        public var offset: Duration

        public init(offset: Duration) { self.offset = offset }

        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let deadline: Instant
        let task: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var lastID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, task: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Monitor(State())

    /// A clock that shows zero.
    public init() {}

    public var now: Instant { state.withLock { $0.now } }
    public var minimumResolution: Duration { .nanoseconds(1) }

    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { task in sleep(Sleeper(deadline: deadline, task: task), id) }
        } onCancel: {
            cancel(id)
        }
    }

    /// Moves the clock, and wakes whoever slept until then.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { $0.value.deadline < $1.value.deadline }.map(\.value)
        }
        for sleeper in due { sleeper.task.resume() }
    }

    /// Waits until `count` tasks or more sleep by this clock.
    public func untilSleeping(_ count: Int) async {
        await withCheckedContinuation { task in
            let isSo = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, task))
                return false
            }
            if isSo { task.resume() }
        }
    }

    /// How many tasks sleep by this clock.
    public var sleepingCount: Int { state.withLock { $0.sleepers.count } }

    private func sleep(_ sleeper: Sleeper, _ id: Int) {
        let (result, watchers): (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) = state.withLock {
            state in
            if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
            if sleeper.deadline <= state.now { return (.success(()), []) }
            state.sleepers[id] = sleeper
            let count = state.sleepers.count
            let watchers = state.watchers.filter { $0.count <= count }.map(\.task)
            state.watchers.removeAll { $0.count <= count }
            return (nil, watchers)
        }
        if let result { sleeper.task.resume(with: result) }
        for watcher in watchers { watcher.resume() }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            let sleeper = state.sleepers.removeValue(forKey: id)
            if sleeper == nil { state.cancelled.insert(id) }
            return sleeper
        }
        sleeper?.task.resume(throwing: CancellationError())
    }
}
