/// The subscribers to a distributor's events. Each has a buffer of its own, which drops the oldest events when full.
struct LifetimeEvents {
    static let bufferCount = 1024
    private var subscribers: [UInt64: AsyncStream<LifetimeEvent>.Continuation] = [:]
    private var last: UInt64 = 0
    private var isFinished = false

    func send(_ kind: LifetimeEvent.Kind, _ store: OpenStore) {
        for subscriber in subscribers.values { subscriber.yield(LifetimeEvent(kind: kind, store: store)) }
    }

    /// - Returns: what to hand to ``remove(_:)``, or nil when there will be no more events.
    mutating func add(_ continuation: AsyncStream<LifetimeEvent>.Continuation) -> UInt64? {
        if isFinished { return nil }
        last += 1
        subscribers[last] = continuation
        return last
    }

    mutating func remove(_ id: UInt64) { subscribers[id] = nil }

    /// Forgets all subscribers and takes no more; the caller ends their streams outside the lock.
    mutating func finish() -> [AsyncStream<LifetimeEvent>.Continuation] {
        isFinished = true
        defer { subscribers = [:] }
        return Array(subscribers.values)
    }
}
