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

    /// One of the two that are compared.
    struct Side: Sendable {
        /// Who it is.
        let name: String
        /// How many operations one run makes.
        let operations: Int
        /// What must be ready before the clock starts.
        var prepare: @Sendable () async throws -> Void = {}
        let run: @Sendable () async throws -> Found
    }
}

/// What was measured.
struct Measured: Codable {
    let name: String
    let title: String
    /// The ratio of each round, sorted.
    let ratios: [Double]
    /// The mark in words, and whether it was met; nil where there is none.
    let mark: String?
    let isMet: Bool?
    let ours: Figure
    let peer: Figure

    struct Figure: Codable {
        let name: String
        /// The median over the rounds.
        let nanosecondsPerOperation: Double
    }

    var median: Double { ratios[ratios.count / 2] }

    /// The line that other programs read.
    var line: String {
        "RATIO \(name) \(median.rounded(to: 3)) \(mark ?? "-") \(isMet.map { $0 ? "ok" : "short" } ?? "-")"
            + "  [\(ratios[0].rounded(to: 3)) … \(ratios[ratios.count - 1].rounded(to: 3))]"
            + "  \(ours.name) \(ours.nanosecondsPerOperation.rounded(to: 1)) ns"
            + " · \(peer.name) \(peer.nanosecondsPerOperation.rounded(to: 1)) ns"
    }
}

extension Double {
    func rounded(to digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let whole = (self * scale).rounded() / scale
        return "\(whole)"
    }
}
