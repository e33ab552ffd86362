import ArgumentParser
import Foundation

@main
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures KVDS against the engines underneath it and against what one would use instead.",
        discussion: """
            Both sides run in turn, on the same data; what counts is the ratio. Each comparison prints

              RATIO <name> <ours/peer> <mark> <ok|short>

            and, indented, the spread over the rounds and what both sides took. The mark is ≤ a ratio of times, ≥ a ratio of \
            throughputs, or - where none is set. The results replace those of the same name in the results of earlier runs.
            """)

    @Argument(help: "Only comparisons whose names match this regular expression.")
    var filter = ""

    @Option(help: "How often both sides run, after one round to warm up.")
    var rounds = worthyRounds

    @Option(help: "How many entries the stores hold.")
    var entries = worthyEntries

    @Flag(help: "Measure also what takes long: growth up to 10 million entries.")
    var full = false

    @Option(help: "Where the stores are made; the system's directory for temporary files if not said.")
    var directory = NSTemporaryDirectory() + "kvds-compare"

    @Option(help: "Where results and plots are kept.")
    var results = Report.defaultDirectory

    @Flag(
        inversion: .prefixedNo,
        help:
            "Keep the results; if not said, those of \(worthyRounds) or more rounds on \(worthyEntries) or more entries."
    )
    var save: Bool?

    private static let worthyRounds = 7
    private static let worthyEntries = 1_000_000

    @Flag(help: "Measure nothing: write the page and draw the plots of the results there are.")
    var redraw = false

    @Option(help: "The date to note; today's if not said.")
    var date = Date.now.formatted(.iso8601.year().month().day())

    /// The child command is handled here. As a subcommand its name could not be used as a filter.
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == FootprintChild.configuration.commandName {
            await FootprintChild.main(Array(arguments.dropFirst()))
        } else {
            await main(arguments)
        }
    }

    func validate() throws {
        if rounds < 1 { throw ValidationError("--rounds is 1 or more, not \(rounds).") }
        if entries < 1_000 { throw ValidationError("--entries is 1000 or more, not \(entries).") }
    }

    mutating func run() async throws {
        if redraw { return try Report(in: results).publish(in: results) }
        // Short runs during development must not replace the results of a run that took an hour.
        let save = save ?? (rounds >= Self.worthyRounds && entries >= Self.worthyEntries)
        let pattern = try Regex(filter)
        let stopwatch = Stopwatch(rounds: rounds)
        let settings = Settings(entries: entries, directory: directory, isFull: full)
        var report = save ? try Report(in: results) : Report()
        report.begin(Report.Run(date: date, entries: entries, machine: .current))
        guard Suite.names.contains(where: { $0.contains(pattern) }) else {
            throw ValidationError("No comparison has a name that matches \(filter).")
        }
        var output = StandardOutput()
        for makeSuite in Suite.all {
            let suite = makeSuite(settings)
            let chosen = suite.measurements.filter { $0.name.contains(pattern) }
            for measurement in chosen {
                print(try await report.add(measurement, stopwatch), to: &output)
            }
            try await suite.close()
            // Save after each suite, so that an interrupted run keeps its results.
            if save, !chosen.isEmpty { try report.save(in: results) }
        }
        print("\n" + report.newest, to: &output)
        guard save else { return }
        report.arrange(by: Suite.names)
        try report.save(in: results)
        try report.publish(in: results)
    }
}

extension Report {
    /// Runs a measurement and adds its result.
    ///
    /// - Returns: the text to print.
    fileprivate mutating func add(_ measurement: Measurement, _ stopwatch: Stopwatch) async throws -> String {
        switch measurement {
        case .comparison(let comparison): add(try await stopwatch.measure(comparison))
        case .gauge(let gauge): add(try await stopwatch.measure(gauge))
        case .ycsb(let run): add(try await run.run())
        }
    }
}

/// Writes each line immediately, even into a pipe.
private struct StandardOutput: TextOutputStream {
    mutating func write(_ string: String) { FileHandle.standardOutput.write(Data(string.utf8)) }
}

extension Suite {
    static let all: [@Sendable (Settings) -> Suite] = [
        { reads($0, .lmdb) },
        { reads($0, .rocksDB) },
        { memory($0) },
        { commits($0, .lmdb) },
        { commits($0, .rocksDB) },
        { overwrites($0, .lmdb) },
        { overwrites($0, .rocksDB) },
        { loads($0, .lmdb) },
        { loads($0, .rocksDB) },
        { grdb($0, .lmdb) },
        { grdb($0, .rocksDB) },
        { plainActor($0) },
        { rocksDBThreads($0) },
        { redb($0, .memory) },
        { redb($0, .lmdb) },
        { redb($0, .rocksDB) },
        { ycsb($0, .memory) },
        { ycsb($0, .lmdb) },
        { ycsb($0, .rocksDB) },
        { ycsbGRDB($0) },
        { memoryGrowth($0) },
        { growth($0, .lmdb) },
        { growth($0, .rocksDB) },
        { footprint($0) },
        { heartbeat($0, .lmdb) },
        { heartbeat($0, .rocksDB) },
        { optimisticTransactions($0) },
        { lockingTransactions($0) },
        { lmdbTransactions($0) },
        { feed($0, .memory) },
        { feed($0, .lmdb) },
        { feed($0, .rocksDB) },
        { snapshots($0, .memory) },
        { snapshots($0, .lmdb) },
        { snapshots($0, .rocksDB) },
        { recordSizes($0) },
        { coding($0) },
        { tuples($0) },
        { tables($0) },
        { users($0) },
    ]

    /// The names of all measurements, in order.
    static var names: [String] {
        all.flatMap { $0(Settings(entries: 1_000, directory: "", isFull: true)).measurements.map(\.name) }
    }
}
