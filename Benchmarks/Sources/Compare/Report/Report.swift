import Foundation

/// All results so far: the newest result under each name, and the runs that produced them.
struct Report: Codable {
    /// One run of the program.
    struct Run: Codable {
        let date: String
        /// The number of entries in the stores that were read.
        let entries: Int
        let machine: Machine
    }

    private(set) var runs: [Run] = []
    private(set) var results: [Measured] = []
    private(set) var ycsb: [YCSBFigure] = []

    init() {}

    /// Reads the report in `directory`; empty if there is none.
    init(in directory: String) throws {
        let path = Report.path(directory)
        guard FileManager.default.fileExists(atPath: path) else { return }
        self = try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Begins a run. Results that are added later belong to it.
    mutating func begin(_ run: Run) { runs.append(run) }

    /// Adds a result, replacing an older one of the same name.
    ///
    /// - Returns: the text to print.
    mutating func add(_ measured: Measured) -> String {
        var measured = measured
        measured.run = runs.count - 1
        Report.put(measured, into: &results, by: \.name)
        return measured.lines
    }

    mutating func add(_ figure: YCSBFigure) -> String {
        var figure = figure
        figure.run = runs.count - 1
        Report.put(figure, into: &ycsb, by: \.name)
        return figure.line
    }

    private static func put<Result>(_ new: Result, into all: inout [Result], by name: KeyPath<Result, String>) {
        if let index = all.firstIndex(where: { $0[keyPath: name] == new[keyPath: name] }) {
            all[index] = new
        } else {
            all.append(new)
        }
    }

    /// Sorts the results in the order of `names`, and removes those with other names.
    mutating func arrange(by names: [String]) {
        let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
        func place(_ name: String) -> Int { places[name, default: 0] }
        results = results.filter { places[$0.name] != nil }.sorted { place($0.name) < place($1.name) }
        ycsb = ycsb.filter { places[$0.name] != nil }.sorted { place($0.name) < place($1.name) }
    }

    /// Writes `results.json`, without runs that have no results left.
    mutating func save(in directory: String) throws {
        let used = Set(results.map(\.run) + ycsb.compactMap(\.run) + [runs.count - 1])
        var places: [Int: Int] = [:]
        for index in runs.indices where used.contains(index) { places[index] = places.count }
        runs = runs.enumerated().filter { used.contains($0.offset) }.map(\.element)
        for index in results.indices { results[index].run = places[results[index].run, default: 0] }
        for index in ycsb.indices { ycsb[index].run = ycsb[index].run.flatMap { places[$0] } }

        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(fileURLWithPath: Report.path(directory)))
    }

    private static func path(_ directory: String) -> String { "\(directory)/results.json" }
}
