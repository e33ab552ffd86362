/// One thing measured on both sides.
struct Comparison: Sendable {
    /// What the ratio must be.
    enum Mark: Sendable {
        /// Our time for one operation, divided by the peer's.
        case timeAtMost(Double)
        /// Our operations in a second, divided by the peer's.
        case speedAtLeast(Double)
        /// Our time divided by the peer's, for information.
        case none
    }

    /// By what it is chosen on the command line: `lmdb.get`.
    let name: String
    /// In words, for the table.
    let title: String
    let mark: Mark
    let ours: Side
    let peer: Side
    /// Whether both sides do the same reads, so that what they find must be the same.
    var findsTheSame = true
    /// What else there is to say of the last round.
    var note: (@Sendable () async throws -> String)?

    /// One of the two that are compared.
    struct Side: Sendable {
        /// Who it is.
        let name: String
        /// How many operations one run makes.
        let operations: Int
        /// What must be ready before the clock starts.
        var prepare: @Sendable () async throws -> Void = {}
        let run: @Sendable () async throws -> Checksum
        /// Where a run writes: what it has left behind, looked at when the clock has stopped.
        var check: (@Sendable () async throws -> Checksum)?
    }
}

extension Comparison.Mark {
    var bound: Bound? {
        switch self {
        case .timeAtMost(let limit): .atMost(limit)
        case .speedAtLeast(let limit): .atLeast(limit)
        case .none: nil
        }
    }
}
