import Foundation

/// What the plots show, as tab-separated files that the scripts in `Benchmarks/Plots` read.
struct PlotData {
    let report: Report

    /// The rows of each file, by its name. A file without rows is a plot that is not drawn.
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

    /// Writes the files in place of older ones.
    func write(to directory: String) throws {
        if FileManager.default.fileExists(atPath: directory) { try FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (name, rows) in files where !rows.isEmpty {
            let text = rows.map { $0.joined(separator: "\t") + "\n" }.joined()
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name).tsv"))
        }
    }

    /// Title and peer, ratio, its least and greatest, the mark, whether it was met. Those without a mark are ratios of times too.
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

    /// Backend, tasks, commits a second; with 0 tasks what the C loop does. What is compared with GRDB tells of GRDB.
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

    /// Backend, operation, entries, our nanoseconds, the engine's.
    private var growth: [[String]] {
        report.results.compactMap { result in
            guard let match = result.name.wholeMatch(of: /(\w+)\.growth\.(\w+)\.(\d+)/) else { return nil }
            return [match.1, match.2, match.3].map(String.init) + [result.ours.value.plain, result.peer.value.plain]
        }
    }
}

extension Measured {
    /// Whether it is about growth, which has a plot of its own.
    fileprivate var isGrowth: Bool { name.contains(".growth.") }
    /// What is compared with what.
    fileprivate var label: String {
        "\(title) · \(peer.name)".replacing("`", with: "").replacing("redb's workload on ", with: "")
    }
    /// Whether it is a line of redb's benchmark, which are many.
    fileprivate var isRedb: Bool { name.hasPrefix("redb.") }
}

extension Double {
    /// As gnuplot reads it.
    fileprivate var plain: String { "\(self)" }
}
