/// A measurement that has its own unit and does not time two sides.
struct Gauge: Sendable {
    /// The name that a filter on the command line matches, for example `lmdb.heartbeat`.
    let name: String
    /// A description for the table.
    let title: String
    /// The unit of the value; empty for a ratio.
    let unit: String
    let mark: Bound?
    /// The names of the two figures beside the value: ours, and the one it is compared with.
    let ours: String
    let peer: String
    /// The unit of the figures; `ns` for times.
    let figureUnit: String
    /// The maximum number of rounds, for a measurement that takes long and varies little.
    var maximumRounds = Int.max
    /// Prepares the measurement.
    var prepare: @Sendable () async throws -> Void = {}
    let measure: @Sendable () async throws -> Sample

    /// The result of one round.
    struct Sample: Sendable {
        let value: Double
        let ours: Double
        let peer: Double
        var note: String?
    }
}
