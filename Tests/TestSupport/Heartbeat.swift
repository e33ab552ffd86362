import Synchronization

/// A task that wakes every millisecond on the cooperative pool and records its greatest delay.
public final class Heartbeat: Sendable {
    private let worst = Mutex(Duration.zero)
    private let task = Mutex<Task<Void, Never>?>(nil)

    public init() {
        task.withLock { task in
            task = Task.detached { [weak self] in
                var last = ContinuousClock.now
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(1))
                    let now = ContinuousClock.now
                    self?.note(now - last - .milliseconds(1))
                    last = now
                }
            }
        }
    }

    /// Stops the task.
    ///
    /// - Returns: the greatest delay.
    public func stop() async -> Duration {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
        return worst.withLock { $0 }
    }

    private func note(_ lag: Duration) { worst.withLock { $0 = max($0, lag) } }
}

extension Duration {
    /// The duration in whole milliseconds, rounded down.
    public var milliseconds: Int { Int(self / .milliseconds(1)) }
}
