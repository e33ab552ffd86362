/// What a transaction returned, and how it ended.
public struct TransactionResult<Value> {
    /// What the closure returned.
    public var value: Value
    /// The revision of the commit; for a transaction that wrote nothing, that of the moment it read. Nil when it wrote
    /// nothing and read nothing, or where the store could not show it a moment and one look was enough.
    public var revision: Revision?
    /// How safe the commit is; nil when the transaction wrote nothing.
    public var durability: Durability?
    /// How often the closure ran.
    public var attempts: Int
}

extension TransactionResult: Sendable where Value: Sendable {}
