/// Joining the queue without `await`.
protocol CommitFastPath: AnyObject, Sendable {
    /// Whether `batch` waits for a disk, so that it belongs in the queue.
    func needsQueue(_ batch: WriteBatch) -> Bool

    /// What must be asked before joining the queue.
    ///
    /// - Throws: what is wrong with `batch`; `.cancelled`.
    func check(_ batch: WriteBatch) throws(StoreError)

    /// Joins the queue; `caller` is resumed with the result.
    func enqueue(_ batch: WriteBatch, _ caller: CommitQueueStateMachine.Caller)
}
