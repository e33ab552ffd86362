/// The synchronous fast path for commits: it adds a batch to the commit queue without `await`.
protocol CommitFastPath: AnyObject, Sendable {
    /// Whether committing `batch` may wait for a disk, so that it must be queued.
    func needsQueue(_ batch: WriteBatch) -> Bool

    /// Checks a batch before it is queued.
    ///
    /// - Throws: `.invalidKey`, `.invalidValue`; `.cancelled` when the task was cancelled.
    func check(_ batch: WriteBatch) throws(StoreError)

    /// Adds `batch` to the queue. `caller` is resumed with the result.
    func enqueue(_ batch: WriteBatch, _ caller: CommitQueueStateMachine.Caller)
}
