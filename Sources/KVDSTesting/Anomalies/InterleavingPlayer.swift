import KVDS

/// Runs one transaction of an interleaving, turn by turn.
protocol InterleavingPlayer: Sendable {
    /// Makes the next step; after the last one, the commit.
    func turn() async throws
    /// Returns the results of the transaction's reads and whether it committed.
    func result() async throws -> (sights: [Interleaving.ReadResult], isCommitted: Bool)
}
