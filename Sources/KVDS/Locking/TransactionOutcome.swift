/// The outcome of one transaction of ``TransactionManager/commitAll()``.
public struct TransactionOutcome: Sendable, Identifiable {
    public let id: UInt64
    /// The result or error of ``LockingTransaction/commit()``.
    public let result: Result<CommitResult, StoreError>
}
