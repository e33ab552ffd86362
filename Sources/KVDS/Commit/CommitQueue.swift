/// The commit queue behind its lock, which is held for the time of an append.
final class CommitQueue: Sendable {
    private let state = Monitor(CommitQueueStateMachine())

    func withLock<R: Sendable>(_ body: (inout CommitQueueStateMachine) -> R) -> R {
        state.withLock { body(&$0) }
    }

    var lifecycle: CommitQueueStateMachine.Lifecycle { withLock { $0.lifecycle } }

    /// Queues a request.
    func admit(_ request: CommitQueueStateMachine.Request) -> CommitQueueStateMachine.Admission {
        let admission = state.withLock { $0.admit(request) }
        if case .groupIsComplete = admission { state.wakeAll() }
        return admission
    }

    /// Takes the next group once it is complete, or has been kept open for long enough. Called where groups are committed.
    func takeGroup() -> [CommitQueueStateMachine.Request] {
        while let deadline = withLock({ $0.groupDeadline }) {
            let left = deadline - .now
            if left <= .zero { break }
            _ = state.wait(left) { $0.groupDeadline == nil ? () : nil }
        }
        return withLock { $0.takeGroup() }
    }

    /// No commits are taken any more; those that wait are still made, without waiting for others.
    func beginClosing() {
        withLock { $0.beginClosing() }
        state.wakeAll()
    }
}
