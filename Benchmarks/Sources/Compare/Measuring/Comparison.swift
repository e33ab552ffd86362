/// A measurement of the same work on both sides.
struct Comparison: Sendable {
    /// The required ratio.
    enum Mark: Sendable {
        /// Our time for one operation, divided by the peer's.
        case timeAtMost(Double)
        /// Our operations per second, divided by the peer's.
        case speedAtLeast(Double)
        /// No requirement: our time divided by the peer's, for information.
        case none
    }

    /// The name that a filter on the command line matches, for example `lmdb.get`.
    let name: String
    /// A description for the table.
    let title: String
    let mark: Mark
    let ours: Side
    let peer: Side
    /// Whether both sides make the same reads, so that their results must be equal.
    var findsTheSame = true
    /// A remark on the last round.
    var note: (@Sendable () async throws -> String)?

    /// One of the two compared sides.
    struct Side: Sendable {
        /// The name of the side.
        let name: String
        /// The number of operations in one run.
        let operations: Int
        /// Prepares a run before the clock starts.
        var prepare: @Sendable () async throws -> Void = {}
        let run: @Sendable () async throws -> Checksum
        /// For a run that writes: reads what it has written, after the clock has stopped.
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
