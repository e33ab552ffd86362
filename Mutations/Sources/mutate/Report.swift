import Foundation

/// The results of all mutations, as text and as a Markdown table.
struct Report {
    let verdicts: [Verdict]

    static let begin = "<!-- mutations: written by make mutate -->"
    static let end = "<!-- end of mutations -->"

    /// One line for each mutation that was not killed by a test named in its list, then the totals.
    var summary: String {
        let rest = verdicts.filter { $0.kind != .killed && $0.kind != .equivalent }
        let lines = rest.map { "\($0.kind.rawValue): \($0.mutation.list)/\($0.mutation.name) \($0.killers)" }
        return (lines + [totals]).joined(separator: "\n")
    }

    /// The number of mutations that count, and the number of those that were killed.
    var judgedCount: Int { verdicts.count { $0.kind != .equivalent } }
    var killedCount: Int { verdicts.count { $0.kind == .killed } }

    private var totals: String {
        let share = judgedCount == 0 ? 0 : 100 * Double(killedCount) / Double(judgedCount)
        let kinds = Dictionary(grouping: verdicts, by: \.kind).map { "\($1.count) \($0.rawValue)" }.sorted()
        let seconds = verdicts.reduce(0) { $0 + $1.seconds }
        return "\(verdicts.count) mutations: \(kinds.joined(separator: ", ")); "
            + "\(String(format: "%.1f", share)) % killed by the test that names the promise, "
            + "\(String(format: "%.0f", seconds)) s of tests"
    }

    /// The totals and the table, as Markdown.
    var table: String {
        var lines = ["\(totals).", ""]
        for (list, verdicts) in Dictionary(grouping: verdicts, by: \.mutation.list).sorted(by: { $0.key < $1.key }) {
            lines += ["**\(list)**", "", "| mutation | killed by | s |", "|---|---|---|"]
            lines += verdicts.map { verdict in
                "| \(verdict.mutation.name) | \(killer(of: verdict)) | \(String(format: "%.1f", verdict.seconds)) |"
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    private func killer(of verdict: Verdict) -> String {
        switch verdict.kind {
        case .killed: verdict.killers.joined(separator: " · ")
        case .crashed: "a crash in: \(verdict.killers.joined(separator: ", "))"
        case .killedByOthers: "*other tests:* \(verdict.killers.prefix(2).joined(separator: ", "))"
        case .equivalent: "*equivalent:* \(verdict.mutation.equivalence ?? "")"
        case .tooLong: "*only a time limit*"
        case .survived, .notCompiled, .unsound: "**\(verdict.kind.rawValue)**"
        }
    }

    /// Writes the table between its markers in a Markdown file.
    func write(to file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        guard let begin = text.range(of: Report.begin), let end = text.range(of: Report.end) else {
            throw MutationError("\(file.lastPathComponent) has no place for the table")
        }
        try (text[..<begin.upperBound] + "\n\(table)\n" + text[end.lowerBound...])
            .write(to: file, atomically: true, encoding: .utf8)
    }
}
