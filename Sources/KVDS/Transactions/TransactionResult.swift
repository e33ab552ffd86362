/// The result of a transaction, and how it ended.
public struct TransactionResult<Value> {
    /// The result of the closure.
    public var value: Value
    /// The revision of the commit; for a transaction that wrote nothing, the revision that it read. Nil when it neither
    /// wrote nor read, or when it made a single read without a snapshot.
    public var revision: Revision?
    /// How safe the commit is; nil when the transaction wrote nothing.
    public var durability: Durability?
    /// How often the closure ran.
    public var attempts: Int
}

extension TransactionResult: Sendable where Value: Sendable {}
