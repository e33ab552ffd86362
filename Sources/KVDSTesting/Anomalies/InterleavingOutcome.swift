import KVDS

/// What came of an interleaving.
struct InterleavingOutcome: Sendable {
    /// For each transaction what it saw, and whether it committed.
    var transactions: [(sights: [Interleaving.ReadResult], isCommitted: Bool)]
    /// What the store holds in the end.
    var entries: [Entry]
}
