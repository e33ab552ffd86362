import Foundation

/// The data of the plots, as tab-separated files for the scripts in `Benchmarks/Plots`.
struct PlotData {
    let report: Report

    /// The rows of each file, by its name. For a file without rows no plot is drawn.
    var files: [String: [[String]]] {
        [
            "time": ratios(.atMost) { !$0.isRedb }, "speed": ratios(.atLeast) { !$0.isRedb },
            "redb": ratios(.atMost) { $0.isRedb }, "durable": durable, "growth": growth,
            "ycsb": report.ycsb.map { figure in
                [figure.backend, figure.workload, "\(figure.tasks)"]
                    + [figure.operationsPerSecond, figure.p50, figure.p99, figure.p999].map(\.plain)
            },
        ]
    }

    /// Writes the files, replacing older ones.
    func write(to directory: String) throws {
        if FileManager.default.fileExists(atPath: directory) { try FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (name, rows) in files where !rows.isEmpty {
            let text = rows.map { $0.joined(separator: "\t") + "\n" }.joined()
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name).tsv"))
        }
    }

    /// Title and peer, ratio, its minimum and maximum, the mark, and whether it was met. Results without a mark are
    /// ratios of times.
    private func ratios(_ direction: Bound.Direction, where isShown: (Measured) -> Bool) -> [[String]] {
        report.results
            .filter { $0.unit.isEmpty && !$0.isGrowth && ($0.mark?.direction ?? .atMost) == direction }
            .filter(isShown)
            .map { result in
                [result.label, result.value.plain]
                    + [result.rounds.first, result.rounds.last, result.mark?.limit].map { $0?.plain ?? "NaN" }
                    + [result.mark == nil ? "none" : result.isMet ? "ok" : "short"]
            }
    }

    /// Backend, tasks, and commits per second. The row with 0 tasks is the C loop. A comparison with GRDB gives the
    /// figure of GRDB.
    private var durable: [[String]] {
        report.results.flatMap { result -> [[String]] in
            guard let match = result.name.wholeMatch(of: /(\w+)\.set\.durable\.(\d+)/) else { return [] }
            let (backend, tasks) = (String(match.1), String(match.2))
            let theirs = (1e9 / result.peer.value).plain
            if backend == "grdb" { return [[backend, tasks, theirs]] }
            let ours = [backend, tasks, (1e9 / result.ours.value).plain]
            return tasks == "1" ? [ours, [backend, "0", theirs]] : [ours]
        }
    }

    /// Backend, operation, entries, our nanoseconds, and the engine's.
    private var growth: [[String]] {
        report.results.compactMap { result in
            guard let match = result.name.wholeMatch(of: /(\w+)\.growth\.(\w+)\.(\d+)/) else { return nil }
            return [match.1, match.2, match.3].map(String.init) + [result.ours.value.plain, result.peer.value.plain]
        }
    }
}

extension Measured {
    /// Whether the result concerns growth, which has its own plot.
    fileprivate var isGrowth: Bool { name.contains(".growth.") }
    /// The title and the peer.
    fileprivate var label: String {
        "\(title) · \(peer.name)".replacing("`", with: "").replacing("redb's workload on ", with: "")
    }
    /// Whether the result is one of the many lines of redb's benchmark.
    fileprivate var isRedb: Bool { name.hasPrefix("redb.") }
}

extension Double {
    /// The number in the form that gnuplot reads.
    fileprivate var plain: String { "\(self)" }
}
