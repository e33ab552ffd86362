import Synchronization

/// A task that beats every millisecond on the cooperative pool and notes how late it was at worst.
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

    /// Ends the beat.
    ///
    /// - Returns: how late the latest beat was.
    public func stop() async -> Duration {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
        return worst.withLock { $0 }
    }

    private func note(_ lag: Duration) { worst.withLock { $0 = max($0, lag) } }
}

extension Duration {
    /// In whole milliseconds, rounded down.
    public var milliseconds: Int { Int(self / .milliseconds(1)) }
}
