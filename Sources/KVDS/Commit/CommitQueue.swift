/// The commit queue: ``CommitQueueStateMachine`` behind a lock. Critical sections are as short as an append.
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

    /// Waits until the next group is complete or the group commit delay is over, then takes the group. Called on the
    /// thread that commits it.
    func takeGroup() -> [CommitQueueStateMachine.Request] {
        while let deadline = withLock({ $0.groupDeadline }) {
            let left = deadline - .now
            if left <= .zero { break }
            _ = state.wait(left) { $0.groupDeadline == nil ? () : nil }
        }
        return withLock { $0.takeGroup() }
    }

    /// Refuses new requests. The waiting ones are still committed, without a group commit delay.
    func beginClosing() {
        withLock { $0.beginClosing() }
        state.wakeAll()
    }
}
