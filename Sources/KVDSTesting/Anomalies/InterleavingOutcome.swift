import KVDS

/// The outcome of an interleaving.
struct InterleavingOutcome: Sendable {
    /// For each transaction, the results of its reads and whether it committed.
    var transactions: [(sights: [Interleaving.ReadResult], isCommitted: Bool)]
    /// The store's entries after the last step.
    var entries: [Entry]
}
