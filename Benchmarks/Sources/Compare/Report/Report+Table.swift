/// The report as Markdown.
extension Report {
    static func table(_ results: [Measured]) -> String {
        let head = "| what | ours | held against | value | spread | mark | met |\n|---|---:|---:|---:|---|---|---|\n"
        return head + results.map(\.row).joined()
    }

    static func table(_ ycsb: [YCSBFigure]) -> String {
        let head =
            "| backend | workload | tasks | operations/s | p50, µs | p99, µs | p99.9, µs |\n"
            + "|---|---|---:|---:|---:|---:|---:|\n"
        return head + ycsb.map(\.row).joined()
    }

    /// The results of the newest run.
    var newest: String {
        let results = results.filter { $0.run == runs.count - 1 }
        let ycsb = ycsb.filter { $0.run == runs.count - 1 }
        return [results.isEmpty ? nil : Report.table(results), ycsb.isEmpty ? nil : Report.table(ycsb)]
            .compactMap { $0 }.joined(separator: "\n")
    }

    /// The page that is kept beside the plots.
    var page: String {
        var page = """
            # Results

            Written by `make bench`; [Performance.md](../../Documentation/Performance.md) says what the numbers mean.


            """
        for run in runs { page += run.paragraph }
        page += "\n" + Report.table(results)
        if !ycsb.isEmpty { page += "\n## YCSB\n\n" + Report.table(ycsb) }
        return page
    }
}

extension Report.Run {
    fileprivate var paragraph: String {
        "- \(date): \(machine.processor), \(machine.cores) cores, \(machine.memoryGiB) GiB; \(machine.system);"
            + " Swift \(machine.swift), LMDB \(machine.lmdb), RocksDB \(machine.rocksDB); \(entries) entries\n"
    }
}

extension Measured {
    fileprivate var row: String {
        let value = unit.isEmpty ? value.text : "\(value.text) \(unit)"
        let met = mark == nil ? "" : isMet ? "yes" : "**short**"
        let notes = note.map { "; \($0)" } ?? ""
        return "| \(title)<br>`\(name)` | \(ours.text)<br>\(ours.name) | \(peer.text)<br>\(peer.name) | \(value)"
            + " | \(spread), \(rounds.count) rounds\(notes) | \(mark?.text ?? "") | \(met) |\n"
    }
}

extension YCSBFigure {
    fileprivate var row: String {
        "| \(backend) | \(workload) | \(tasks) | \(Int(operationsPerSecond))"
            + " | \(p50.text) | \(p99.text) | \(p999.text) |\n"
    }
}
