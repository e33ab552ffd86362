/// The subscribers to a distributor's events. Each has its own buffer, which drops the oldest events when it is full.
struct LifetimeEvents {
    static let bufferCount = 1024
    private var continuations: [UInt64: AsyncStream<LifetimeEvent>.Continuation] = [:]
    private var last: UInt64 = 0
    private var isFinished = false

    /// The subscribers now. The caller sends events outside the lock, because resuming a task needs a lock of the task.
    /// A thread that cancels the task holds that lock while it calls ``remove(_:)``.
    var subscribers: [AsyncStream<LifetimeEvent>.Continuation] { Array(continuations.values) }

    /// - Returns: the id for ``remove(_:)``, or nil if there will be no more events.
    mutating func add(_ continuation: AsyncStream<LifetimeEvent>.Continuation) -> UInt64? {
        if isFinished { return nil }
        last += 1
        continuations[last] = continuation
        return last
    }

    mutating func remove(_ id: UInt64) { continuations[id] = nil }

    /// Removes all subscribers and accepts no more. The caller ends their streams outside the lock.
    mutating func finish() -> [AsyncStream<LifetimeEvent>.Continuation] {
        isFinished = true
        defer { continuations = [:] }
        return subscribers
    }
}
