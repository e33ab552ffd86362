/// A transaction that has not ended, as a listing shows it.
public struct LiveTransaction: Hashable, Sendable, Identifiable {
    public let id: UInt64
    /// How many keys and ranges it has locked.
    public let lockCount: Int
    /// Whether a call of it waits for a lock.
    public let isWaiting: Bool
    /// How many keys and ranges it would change.
    public let writeCount: Int
}

/// A change that a live transaction has made and nobody else sees.
public struct PendingWrite: Hashable, Sendable {
    /// The transaction's id.
    public let transaction: UInt64
    /// What it would change.
    public let mutation: WriteBatch.Mutation
}

/// How a transaction ended that was committed together with others.
public struct TransactionOutcome: Sendable, Identifiable {
    public let id: UInt64
    /// What ``LockingTransaction/commit()`` returned or threw.
    public let result: Result<CommitResult, StoreError>
}
