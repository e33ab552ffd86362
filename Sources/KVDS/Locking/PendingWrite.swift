/// A change that a live transaction has made and nobody else sees.
public struct PendingWrite: Hashable, Sendable {
    /// The transaction's id.
    public let transaction: UInt64
    /// What it would change.
    public let mutation: WriteBatch.Mutation
}
