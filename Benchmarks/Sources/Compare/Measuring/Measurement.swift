/// One thing that is measured in a unit of its own and not by the clock around two sides.
struct Measurement: Sendable {
    /// By what it is chosen on the command line: `lmdb.heartbeat`.
    let name: String
    /// In words, for the table.
    let title: String
    /// What the value is given in; empty for a ratio.
    let unit: String
    let mark: Bound?
    /// What the two figures beside the value are: ours, and what it is held against.
    let ours: String
    let peer: String
    /// What the figures are given in; `ns` for times.
    let figureUnit: String
    /// Rounds it is content with, where each takes long and they differ little.
    var maximumRounds = Int.max
    /// What must be ready before it is measured.
    var prepare: @Sendable () async throws -> Void = {}
    let measure: @Sendable () async throws -> Sample

    /// What one round finds.
    struct Sample: Sendable {
        let value: Double
        let ours: Double
        let peer: Double
        var note: String?
    }
}
