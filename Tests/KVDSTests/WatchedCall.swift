@testable import KVDS

/// A call in a separate task. A test asks for its result and never waits for it forever.
final class WatchedCall<Value: Sendable>: Sendable {
    private let value: Monitor<Value?>
    private let task: Task<Void, Never>

    init(_ body: @escaping @Sendable () async -> Value) {
        let value = Monitor<Value?>(nil)
        self.value = value
        task = Task {
            let result = await body()
            value.withLock { $0 = result }
        }
    }

    var hasEnded: Bool { value.withLock { $0 != nil } }

    /// Returns the result, or nil if the call has not ended after a minute.
    func outcome() async -> Value? {
        guard await soon({ self.hasEnded }) else { return nil }
        return value.withLock { $0 }
    }

    func cancel() { task.cancel() }
}

/// Returns whether `condition` becomes true within a minute.
func soon(_ condition: () async -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}

/// Returns the code of the error that `body` throws, or "done".
func answerCode(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return "done"
    } catch {
        return (error as? StoreError)?.code.description ?? "\(error)"
    }
}
