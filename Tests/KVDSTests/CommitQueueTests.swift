import Testing

@testable import KVDS

/// Two callers were answered, and one of them has returned. The next group is kept open for the other, here for very
/// long, so a waiter that is not woken in time was not woken at all.
@Suite("A commit group that is kept open", .timeLimit(.minutes(1)))
struct CommitQueueTests {
    /// Calls `body` with a queue and with the request that would complete its group.
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

    /// Takes the group on another thread, and calls `body` while that thread waits.
    ///
    /// - Returns: the number of requests in the group; nil if it was taken too early, or not soon after `body`.
    private func take(_ queue: CommitQueue, _ body: () -> Void) throws -> Int? {
        let count = Monitor<Int?>(nil)
        let thread = try WorkerThreads()
        thread.submit {
            let group = queue.takeGroup().count
            count.withLock { $0 = group }
            count.wakeAll()
        }
        // Long enough for the thread to begin to wait.
        let early = count.wait(.milliseconds(200)) { $0 }
        body()
        return early == nil ? count.wait(.seconds(15)) { $0 } : nil
    }

    @Test("an open commit group begins as soon as the last caller has returned")
    func completed() async throws {
        try await withOpenGroup { queue, last in
            let count = try take(queue) { _ = queue.admit(last) }
            #expect(count == 2)
        }
    }

    @Test("an open commit group begins without missing callers as soon as the store is closed")
    func closed() async throws {
        try await withOpenGroup { queue, _ in
            let count = try take(queue) { queue.beginClosing() }
            #expect(count == 1)
        }
    }
}
