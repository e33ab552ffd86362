import Foundation
import KVDS

/// Measurements that share a fixture.
struct Suite: Sendable {
    var comparisons: [Comparison] = []
    var gauges: [Measurement] = []
    var ycsb: [YCSBRun] = []
    /// Frees what was opened.
    let close: @Sendable () async throws -> Void

    /// All of them, in the order in which they are made.
    var measurements: [Measurement] {
        comparisons.map(Measurement.comparison) + gauges.map(Measurement.gauge) + ycsb.map(Measurement.ycsb)
    }
}

/// Anything that a filter can choose.
enum Measurement: Sendable {
    case comparison(Comparison)
    case gauge(Measurement)
    case ycsb(YCSBRun)

    var name: String {
        switch self {
        case .comparison(let comparison): comparison.name
        case .gauge(let gauge): gauge.name
        case .ycsb(let run): run.name
        }
    }
}

/// What every suite is made with.
struct Settings: Sendable {
    /// Entries in the stores that are read.
    let entries: Int
    /// Where files go.
    let directory: String
    /// Whether to measure also what takes long and much disk.
    var isFull = false

    /// A directory that does not exist yet.
    func path(_ name: String) -> String { "\(directory)/\(name)-\(UUID().uuidString.prefix(8))" }
}
