import Foundation
import KVDS

/// Measurements that share a fixture.
struct Suite: Sendable {
    var comparisons: [Comparison] = []
    var gauges: [Gauge] = []
    var ycsb: [YCSBRun] = []
    /// Closes the fixture.
    let close: @Sendable () async throws -> Void

    /// All measurements, in the order in which they are made.
    var measurements: [Measurement] {
        comparisons.map(Measurement.comparison) + gauges.map(Measurement.gauge) + ycsb.map(Measurement.ycsb)
    }
}

/// A measurement that a filter can select.
enum Measurement: Sendable {
    case comparison(Comparison)
    case gauge(Gauge)
    case ycsb(YCSBRun)

    var name: String {
        switch self {
        case .comparison(let comparison): comparison.name
        case .gauge(let gauge): gauge.name
        case .ycsb(let run): run.name
        }
    }
}

/// The settings of all suites.
struct Settings: Sendable {
    /// The number of entries in the stores that are read.
    let entries: Int
    /// The directory for files.
    let directory: String
    /// Whether to include measurements that need much time and disk space.
    var isFull = false

    /// Returns the path of a directory that does not exist yet.
    func path(_ name: String) -> String { "\(directory)/\(name)-\(UUID().uuidString.prefix(8))" }
}
