import KVDS

/// A task that subscribes to the changes of a store.
struct Subscriber: Sendable {
    /// The events that the subscriber received.
    struct Told: Sendable {
        var commits = 0
        var gaps = 0
        /// When it received the last event.
        var last = ContinuousClock.now
    }

    private let task: Task<Told, any Error>

    /// Subscribes, and takes every event immediately until it has received `count` commits.
    init(to store: StoreHandle, count: Int) {
        self.init(to: store) { told in told.commits < count }
    }

    /// Subscribes, and takes one event per millisecond until it is stopped.
    static func slow(to store: StoreHandle) -> Subscriber {
        Subscriber(to: store) { told in
            try? await Task.sleep(for: .milliseconds(1))
            return !Task.isCancelled
        }
    }

    /// - Parameter goesOn: returns whether to take another event.
    private init(to store: StoreHandle, while goesOn: @escaping @Sendable (Told) async -> Bool) {
        // Subscribe here and not in the task, so that all commits requested from now on are included.
        let events = store.changes().makeAsyncIterator()
        task = Task.detached {
            var events = events
            var told = Told()
            while await goesOn(told) {
                do {
                    switch try await events.next() {
                    case .commit: told.commits += 1
                    case .gap: told.gaps += 1
                    case nil: return told
                    }
                } catch let error as StoreError where error.code == .cancelled {
                    return told
                }
            }
            told.last = .now
            return told
        }
    }

    /// The received events, available when the subscriber has finished.
    var told: Told { get async throws { try await task.value } }

    func stop() { task.cancel() }
}
