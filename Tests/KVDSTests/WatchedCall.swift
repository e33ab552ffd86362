@testable import KVDS

/// A call in a task of its own. Nobody waits for it for ever: one asks what came of it, and it may have none.
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

    /// What came of it; nil when it has not ended after a minute.
    func outcome() async -> Value? {
        guard await soon({ self.hasEnded }) else { return nil }
        return value.withLock { $0 }
    }

    func cancel() { task.cancel() }
}

/// Whether `condition` comes true within a minute.
func soon(_ condition: () async -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}

/// How a call is answered: with the code of an error, or else "done".
func answerCode(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return "done"
    } catch {
        return (error as? StoreError)?.code.description ?? "\(error)"
    }
}
