import Testing

@testable import KVDS

/// Two callers were answered, and one of them is back. The next group is kept open for the other, here for very long: so
/// who is not woken in time has not been woken.
@Suite("A group that is kept open", .timeLimit(.minutes(1)))
struct CommitQueueTests {
    /// Calls `body` with a queue, and the request that would complete its group.
    private func withOpenGroup(_ body: (CommitQueue, CommitQueueStateMachine.Request) throws -> Void) async throws {
        let callers = Monitor<[CommitQueueStateMachine.Caller]>([])
        for _ in 0..<2 {
            Task {
                _ = await withCheckedContinuation { (caller: CommitQueueStateMachine.Caller) in
                    callers.withLock { $0.append(caller) }
                }
            }
        }
        try #require(await soon { callers.withLock { $0.count } == 2 })
        let waiting = callers.withLock { $0 }
        defer { for caller in waiting { caller.resume(returning: .success(.conditionFailed(index: 0))) } }

        let requests = waiting.map { CommitQueueStateMachine.Request(batch: WriteBatch(), caller: $0) }
        let queue = CommitQueue()
        for request in requests { _ = queue.admit(request) }
        #expect(queue.takeGroup().count == 2)
        let now = ContinuousClock.now
        queue.withLock { $0.groupEnded(count: 2, began: now, ended: now + .seconds(25)) }
        _ = queue.admit(requests[0])
        try body(queue, requests[1])
    }

    /// Takes the group on a thread of its own, and calls `body` while that waits.
    ///
    /// - Returns: how many are in the group; nil when it was taken too early, or not soon after `body`.
    private func take(_ queue: CommitQueue, _ body: () -> Void) throws -> Int? {
        let count = Monitor<Int?>(nil)
        let thread = try WorkerThreads()
        thread.submit {
            let group = queue.takeGroup().count
            count.withLock { $0 = group }
            count.wakeAll()
        }
        // Long enough for it to begin to wait.
        let early = count.wait(.milliseconds(200)) { $0 }
        body()
        return early == nil ? count.wait(.seconds(15)) { $0 } : nil
    }

    @Test("a group that is kept open begins as soon as the last caller is back")
    func completed() async throws {
        try await withOpenGroup { queue, last in
            let count = try take(queue) { _ = queue.admit(last) }
            #expect(count == 2)
        }
    }

    @Test("a group that is kept open begins without the others as soon as the store is closed")
    func closed() async throws {
        try await withOpenGroup { queue, _ in
            let count = try take(queue) { queue.beginClosing() }
            #expect(count == 1)
        }
    }
}
