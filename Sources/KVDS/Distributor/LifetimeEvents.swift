/// The subscribers to a distributor's events. Each has its own buffer, which drops the oldest events when it is full.
struct LifetimeEvents {
    static let bufferCount = 1024
    private var subscribers: [UInt64: AsyncStream<LifetimeEvent>.Continuation] = [:]
    private var last: UInt64 = 0
    private var isFinished = false

    func send(_ kind: LifetimeEvent.Kind, _ store: OpenStore) {
        for subscriber in subscribers.values { subscriber.yield(LifetimeEvent(kind: kind, store: store)) }
    }

    /// - Returns: the id for ``remove(_:)``, or nil if there will be no more events.
    mutating func add(_ continuation: AsyncStream<LifetimeEvent>.Continuation) -> UInt64? {
        if isFinished { return nil }
        last += 1
        subscribers[last] = continuation
        return last
    }

    mutating func remove(_ id: UInt64) { subscribers[id] = nil }

    /// Removes all subscribers and accepts no more. The caller ends their streams outside the lock.
    mutating func finish() -> [AsyncStream<LifetimeEvent>.Continuation] {
        isFinished = true
        defer { subscribers = [:] }
        return Array(subscribers.values)
    }
}
