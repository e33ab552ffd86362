import KVDS

/// A task that subscribes to the changes of a store.
struct Subscriber: Sendable {
    /// The events that the subscriber received.
    struct Received: Sendable {
        var commits = 0
        var gaps = 0
        /// When it received the last event.
        var last = ContinuousClock.now
    }

    private let task: Task<Received, any Error>

    /// Subscribes, and takes every event immediately until it has received `count` commits.
    init(to store: StoreHandle, count: Int) {
        self.init(to: store) { received in received.commits < count }
    }

    /// Subscribes, and takes one event per millisecond until it is stopped.
    static func slow(to store: StoreHandle) -> Subscriber {
        Subscriber(to: store) { received in
            try? await Task.sleep(for: .milliseconds(1))
            return !Task.isCancelled
        }
    }

    /// - Parameter continues: returns whether to take another event.
    private init(to store: StoreHandle, while continues: @escaping @Sendable (Received) async -> Bool) {
        // Subscribe here and not in the task, so that all commits requested from now on are included.
        let events = store.changes().makeAsyncIterator()
        task = Task.detached {
            var events = events
            var received = Received()
            while await continues(received) {
                do {
                    switch try await events.next() {
                    case .commit: received.commits += 1
                    case .gap: received.gaps += 1
                    case nil: return received
                    }
                } catch let error as StoreError where error.code == .cancelled {
                    return received
                }
            }
            received.last = .now
            return received
        }
    }

    /// The received events, available when the subscriber has finished.
    var received: Received { get async throws { try await task.value } }

    func stop() { task.cancel() }
}
