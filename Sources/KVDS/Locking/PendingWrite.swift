/// An uncommitted change of a live transaction.
public struct PendingWrite: Hashable, Sendable {
    /// The transaction's id.
    public let transaction: UInt64
    /// The change that its commit would make.
    public let mutation: WriteBatch.Mutation
}
