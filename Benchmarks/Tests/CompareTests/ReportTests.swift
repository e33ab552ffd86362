import Foundation
import Testing

@testable import compare

@Suite("The report")
struct ReportTests {
    @Test("a result replaces the older one of its name and keeps the others, each with the run it comes from")
    func merging() throws {
        let directory = NSTemporaryDirectory() + "kvds-report-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (date, names) in [("first", ["a", "b"]), ("second", ["b"]), ("third", ["c"])] {
            var report = try Report(in: directory)
            report.begin(Report.Run(date: date, entries: 1_000, machine: machine))
            for name in names { _ = report.add(measured(name, [1])) }
            try report.save(in: directory)
        }
        let report = try Report(in: directory)
        #expect(report.results.map(\.name) == ["a", "b", "c"])
        #expect(report.results.map { report.runs[$0.run].date } == ["first", "second", "third"])
    }

    @Test("a run of which no result is left is forgotten")
    func forgettingRuns() throws {
        let directory = NSTemporaryDirectory() + "kvds-report-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var report = Report()
        for date in ["first", "second"] {
            report.begin(Report.Run(date: date, entries: 1_000, machine: machine))
            _ = report.add(measured("a", [1]))
        }
        try report.save(in: directory)
        #expect(try Report(in: directory).runs.map(\.date) == ["second"])
    }

    @Test("results are in the order of the suites; those that are measured no more are gone")
    func arranging() {
        var report = Report()
        report.begin(Report.Run(date: "today", entries: 1_000, machine: machine))
        for name in ["z", "old", "a"] { _ = report.add(measured(name, [1])) }
        report.arrange(by: ["a", "new", "z"])
        #expect(report.results.map(\.name) == ["a", "z"])
    }

    @Test("the line for programs has five fields: the median, the mark, whether it was met")
    func line() {
        #expect(firstLine(measured("a", [3, 1, 1.25], .atMost(1.25))) == "RATIO a 1.250 ≤1.25 ok")
        #expect(firstLine(measured("a", [1.5], .atMost(1.25))) == "RATIO a 1.500 ≤1.25 short")
        #expect(firstLine(measured("a", [24.96], .atLeast(25))) == "RATIO a 24.96 ≥25 short")
        #expect(firstLine(measured("a", [0.5], nil)) == "RATIO a 0.500 - ok")
    }

    @Test("a permutation has each number once, and has no order", arguments: [1, 2, 1_000, 1_024, 99_991])
    func permutation(count: Int) {
        let permutation = Permutation(count: count)
        let numbers = (0..<count).map { permutation[$0] }
        #expect(numbers.sorted() == Array(0..<count))
        let rises = zip(numbers, numbers.dropFirst()).count { $0 < $1 }
        if count >= 1_000 { #expect(abs(rises - count / 2) < count / 10) }
    }

    @Test("every measurement has a name of its own")
    func names() {
        #expect(Set(compare.Suite.names).count == compare.Suite.names.count)
    }

    private var machine: Machine {
        Machine(processor: "p", cores: 2, memoryGiB: 1, system: "s", swift: "6", lmdb: "0", rocksDB: "7")
    }

    private func measured(_ name: String, _ rounds: [Double], _ mark: Bound? = nil) -> Measured {
        let figure = Measured.Figure(name: "side", value: 1, unit: "ns")
        return Measured(name: name, title: name, rounds: rounds, mark: mark, ours: figure, peer: figure)
    }

    private func firstLine(_ measured: Measured) -> Substring? { measured.lines.split(separator: "\n").first }
}
