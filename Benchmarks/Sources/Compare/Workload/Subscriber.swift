import KVDS

/// A task that is told of what changes in a store.
struct Subscriber: Sendable {
    /// What it was told.
    struct Told: Sendable {
        var commits = 0
        var gaps = 0
        /// When it was told last.
        var last = ContinuousClock.now
    }

    private let task: Task<Told, any Error>

    /// Subscribes, and takes every event at once until it was told of `count` commits.
    init(to store: StoreHandle, count: Int) {
        self.init(to: store) { told in told.commits < count }
    }

    /// Subscribes, and takes an event each millisecond, until it is stopped.
    static func slow(to store: StoreHandle) -> Subscriber {
        Subscriber(to: store) { told in
            try? await Task.sleep(for: .milliseconds(1))
            return !Task.isCancelled
        }
    }

    /// - Parameter goesOn: whether it takes another event.
    private init(to store: StoreHandle, while goesOn: @escaping @Sendable (Told) async -> Bool) {
        // Here and not in the task: a commit that is called for from now on is told.
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

    /// What it was told, once it has taken all it wanted.
    var told: Told { get async throws { try await task.value } }

    func stop() { task.cancel() }
}
