/// What a store did under one workload of the Yahoo! Cloud Serving Benchmark.
struct YCSBFigure: Codable, Sendable {
    /// `memory`, `lmdb`, `rocksdb`, or a peer's name.
    let backend: String
    /// A letter from A to F.
    let workload: String
    /// How many tasks asked at once.
    let tasks: Int
    let operationsPerSecond: Double
    /// What half of the operations, 99 % and 99.9 % of them took at most, in microseconds.
    let p50: Double
    let p99: Double
    let p999: Double
    /// The run it comes from; set by the report.
    var run: Int?
}

extension YCSBFigure {
    /// By what a newer figure replaces an older one: `ycsb.lmdb.a.64`.
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

    /// What the filter is matched with: that of the figure.
    var name: String { YCSBFigure.name(backend, workload, tasks) }
}
