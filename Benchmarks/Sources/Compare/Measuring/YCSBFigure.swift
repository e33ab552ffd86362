/// The result of a store in one workload of the Yahoo! Cloud Serving Benchmark.
struct YCSBFigure: Codable, Sendable {
    /// `memory`, `lmdb`, `rocksdb`, or a peer's name.
    let backend: String
    /// A letter from A to F.
    let workload: String
    /// The number of concurrent tasks.
    let tasks: Int
    let operationsPerSecond: Double
    /// The 50th, 99th and 99.9th percentiles of the latency, in microseconds.
    let p50: Double
    let p99: Double
    let p999: Double
    /// The index of the run that produced the figure; set by the report.
    var run: Int?
}

extension YCSBFigure {
    /// The name by which a newer figure replaces an older one, for example `ycsb.lmdb.a.64`.
    var name: String { YCSBFigure.name(backend, workload, tasks) }

    static func name(_ backend: String, _ workload: String, _ tasks: Int) -> String {
        "ycsb.\(backend).\(workload.lowercased()).\(tasks)"
    }

    var line: String {
        "YCSB \(backend) \(workload) \(tasks) \(Int(operationsPerSecond)) \(p50.text) \(p99.text) \(p999.text)"
    }
}

/// A workload to run.
struct YCSBRun: Sendable {
    let backend: String
    let workload: String
    let tasks: Int
    let run: @Sendable () async throws -> YCSBFigure

    /// The name of the figure, which the filter matches.
    var name: String { YCSBFigure.name(backend, workload, tasks) }
}
