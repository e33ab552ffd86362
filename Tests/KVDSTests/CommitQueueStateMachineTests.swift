import Testing

@testable import KVDS

@Suite("CommitQueueStateMachine")
struct CommitQueueStateMachineTests {
    /// Makes requests whose callers are answered at the end of the test.
    private func withRequests(
        _ values: [Int], requests: [CommitQueueStateMachine.Request] = [],
        _ body: @escaping @Sendable ([CommitQueueStateMachine.Request]) -> Void
    ) async {
        guard let length = values.first else { return body(requests) }
        _ = await withCheckedContinuation { (caller: CheckedContinuation<Result<CommitResult, StoreError>, Never>) in
            var batch = WriteBatch()
            batch.set("k", to: Bytes(Array(repeating: 0, count: length)))
            let request = CommitQueueStateMachine.Request(batch: batch, caller: caller)
            Task {
                await withRequests(Array(values.dropFirst()), requests: requests + [request], body)
                caller.resume(returning: .success(.conditionFailed(index: 0)))
            }
        }
    }

    @Test("the first commit starts the drain, and later commits wait for the next commit group")
    func groups() async {
        await withRequests([1, 1, 1]) { requests in
            var queue = CommitQueueStateMachine()
            guard case .startDraining = queue.admit(requests[0]) else { Issue.record("not started"); return }
            guard case .queued = queue.admit(requests[1]) else { Issue.record("not queued"); return }
            #expect(queue.takeGroup().count == 2)
            guard case .queued = queue.admit(requests[2]) else { Issue.record("not queued behind a group"); return }
            guard case .queued = queue.admitInline() else { Issue.record("inline beside a group"); return }
            #expect(queue.takeGroup().count == 1)
            #expect(queue.takeGroup().isEmpty)
            guard case .commitInline = queue.admitInline() else { Issue.record("not inline when idle"); return }
            let mustDrain = queue.finishInline()
            #expect(!mustDrain)
        }
    }

    @Test("commits wait while one is made inline, and are drained after it")
    func inPlace() async {
        await withRequests([1]) { requests in
            var queue = CommitQueueStateMachine()
            guard case .commitInline = queue.admitInline() else { Issue.record("not in place when idle"); return }
            guard case .queued = queue.admitInline() else { Issue.record("two in place at once"); return }
            guard case .queued = queue.admit(requests[0]) else { Issue.record("drained beside it"); return }
            let mustDrain = queue.finishInline()
            #expect(mustDrain)
            #expect(queue.takeGroup().count == 1)
        }
    }

    @Test("the weight of a commit group does not count for the next one, which is kept open")
    func weightOfTheLast() async {
        await withRequests([1 << 20, 1]) { requests in
            var queue = CommitQueueStateMachine()
            let now = ContinuousClock.now
            _ = queue.admit(requests[0])
            #expect(queue.takeGroup(at: now).count == 1)
            queue.groupEnded(count: 2, began: now, ended: now + .milliseconds(1))
            _ = queue.admit(requests[1])
            #expect(queue.groupDeadline == now + .milliseconds(2))
        }
    }

    @Test("a full commit group is not kept open, even if answered callers have not returned")
    func fullGroups() async {
        await withRequests([1 << 20, 1]) { requests in
            var heavy = CommitQueueStateMachine()
            let now = ContinuousClock.now
            heavy.groupEnded(count: 2_000, began: now, ended: now + .milliseconds(1))
            var many = heavy
            _ = heavy.admit(requests[0])
            #expect(heavy.groupDeadline == nil)
            for _ in 1..<CommitQueueStateMachine.maximumGroupCount { _ = many.admit(requests[1]) }
            #expect(many.groupDeadline != nil)
            _ = many.admit(requests[1])
            #expect(many.groupDeadline == nil)
        }
    }

    @Test("a commit group is complete when answered callers return, when it is full, or at close")
    func gathering() async {
        await withRequests([1, 1, 1, 1 << 20]) { requests in
            var queue = CommitQueueStateMachine()
            let now = ContinuousClock.now
            for request in requests.prefix(2) { _ = queue.admit(request) }
            #expect(queue.groupDeadline == nil)
            #expect(queue.takeGroup(at: now).count == 2)
            queue.groupEnded(count: 2, began: now, ended: now + .milliseconds(1))
            #expect(queue.groupDeadline == nil, "nobody waits, so there is no group to keep open")
            _ = queue.admit(requests[0])
            #expect(queue.groupDeadline == now + .milliseconds(2))
            guard case .groupIsComplete = queue.admit(requests[1]) else { Issue.record("not complete"); return }
            #expect(queue.takeGroup(at: now).count == 2)
            queue.groupEnded(count: 2, began: now, ended: now + .milliseconds(1))
            guard case .queued = queue.admit(requests[2]) else { Issue.record("not queued"); return }
            var closing = queue
            closing.beginClosing()
            #expect(closing.groupDeadline == nil)
            guard case .groupIsComplete = queue.admit(requests[3]) else { Issue.record("not full"); return }
        }
    }

    @Test("a commit group is bounded in count and weight, and one batch always fits")
    func caps() async {
        await withRequests([1 << 21, 1 << 19, 1 << 19, 1]) { requests in
            var queue = CommitQueueStateMachine()
            for request in requests { _ = queue.admit(request) }
            #expect(queue.takeGroup().count == 1)
            #expect(queue.takeGroup().count == 2)
            #expect(queue.takeGroup().count == 1)
            for _ in 0..<1_500 { _ = queue.admit(requests[3]) }
            #expect(queue.takeGroup().count == CommitQueueStateMachine.maximumGroupCount)
            #expect(queue.waitingCount == 500)
        }
    }

    @Test("a poisoned queue drops and refuses commits, and a closing queue finishes its commits")
    func lifecycle() async {
        await withRequests([1, 1]) { requests in
            var poisoned = CommitQueueStateMachine()
            _ = poisoned.admit(requests[0])
            #expect(poisoned.poison().count == 1)
            guard case .refused(.poisoned) = poisoned.admit(requests[1]) else { Issue.record("not refused"); return }
            guard case .refused(.poisoned) = poisoned.admitInline() else { Issue.record("not refused inline"); return }
            var closing = CommitQueueStateMachine()
            _ = closing.admit(requests[0])
            closing.beginClosing()
            guard case .refused(.closing) = closing.admit(requests[1]) else { Issue.record("not refused"); return }
            #expect(closing.takeGroup().count == 1)
            _ = closing.poison()
            #expect(closing.lifecycle == .closing)
            closing.finishClosing()
            #expect(closing.lifecycle == .closed)
        }
    }
}
