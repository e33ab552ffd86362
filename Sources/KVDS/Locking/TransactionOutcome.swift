/// How a transaction ended that was committed together with others.
public struct TransactionOutcome: Sendable, Identifiable {
    public let id: UInt64
    /// What ``LockingTransaction/commit()`` returned or threw.
    public let result: Result<CommitResult, StoreError>
}
