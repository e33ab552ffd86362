/// The report as Markdown.
extension Report {
    /// The results of the newest run.
    var newest: String {
        let results = results.filter { $0.run == runs.count - 1 }
        let ycsb = ycsb.filter { $0.run == runs.count - 1 }
        return [results.isEmpty ? nil : table(results) { _ in "" }, ycsb.isEmpty ? nil : Report.table(ycsb)]
            .compactMap { $0 }.joined(separator: "\n")
    }

    /// The page that is stored beside the plots.
    var page: String {
        var page = """
            # Results

            Written by `make bench`; [Performance.md](../../Documentation/Performance.md) says what the numbers mean.


            """
        var conditions: [String] = []
        for run in runs where !conditions.contains(run.conditions) { conditions.append(run.conditions) }
        for (index, condition) in conditions.enumerated() { page += "\(index + 1). \(condition)\n" }
        page +=
            "\n"
            + table(results) { measured in
                guard conditions.count > 1 else { return "" }
                return conditions.firstIndex(of: runs[measured.run].conditions).map { "; as in \($0 + 1)" } ?? ""
            }
        if !ycsb.isEmpty { page += "\n## YCSB\n\n" + Report.table(ycsb) }
        return page
    }

    private func table(_ results: [Measured], origin: (Measured) -> String) -> String {
        let head =
            "| what | ours | held against | value | spread | mark | met |\n|---|---:|---:|---:|---|---|---|\n"
        return head + results.map { $0.row(origin($0)) }.joined()
    }

    private static func table(_ ycsb: [YCSBFigure]) -> String {
        let head =
            "| backend | workload | tasks | operations/s | p50, µs | p99, µs | p99.9, µs |\n"
            + "|---|---|---:|---:|---:|---:|---:|\n"
        return head + ycsb.map(\.row).joined()
    }
}

extension Report.Run {
    /// The conditions that must be equal for two runs to be comparable.
    fileprivate var conditions: String {
        "\(date): \(machine.processor), \(machine.cores) cores, \(machine.memoryGiB) GiB; \(machine.system);"
            + " Swift \(machine.swift), LMDB \(machine.lmdb), RocksDB \(machine.rocksDB); \(entries) entries"
    }
}

extension Measured {
    fileprivate func row(_ origin: String) -> String {
        let value = unit.isEmpty ? value.text : "\(value.text) \(unit)"
        let met = mark == nil ? "" : isMet ? "yes" : "**short**"
        let notes = note.map { "; \($0)" } ?? ""
        return "| \(title)<br>`\(name)` | \(ours.text)<br>\(ours.name) | \(peer.text)<br>\(peer.name) | \(value)"
            + " | \(spread), \(rounds.count) round\(rounds.count == 1 ? "" : "s")\(notes)\(origin) | \(mark?.text ?? "") | \(met) |\n"
    }
}

extension YCSBFigure {
    fileprivate var row: String {
        "| \(backend) | \(workload) | \(tasks) | \(Int(operationsPerSecond))"
            + " | \(p50.text) | \(p99.text) | \(p999.text) |\n"
    }
}
