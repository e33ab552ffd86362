import ArgumentParser
import Foundation

@main
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures KVDS against the engines underneath it and against what one would use instead.",
        discussion: "Both sides run in turn, on the same data; what counts is the ratio.")

    @Argument(help: "Only comparisons whose names match this regular expression.")
    var filter = ""

    @Option(help: "How often both sides run, after one round to warm up.")
    var rounds = 7

    @Option(help: "How many entries the stores hold.")
    var entries = 1_000_000

    @Option(help: "Where the stores are made; the system's directory for temporary files if not said.")
    var directory = NSTemporaryDirectory() + "kvds-compare"

    mutating func run() async throws {
        let settings = Settings(entries: entries, directory: directory)
        let pattern = try Regex(filter)
        let stopwatch = Stopwatch(rounds: rounds)
        var results: [Measured] = []
        for makeSuite in Suite.all {
            let suite = makeSuite(settings)
            for comparison in suite.comparisons where comparison.name.contains(pattern) {
                let measured = try await stopwatch.measure(comparison)
                FileHandle.standardOutput.write(Data("\(measured.line)\n".utf8))
                results.append(measured)
            }
            try await suite.close()
        }
    }
}

extension Suite {
    static let all: [@Sendable (Settings) -> Suite] = [
        { reads($0, .lmdb) },
        { reads($0, .rocksDB) },
        { memory($0) },
        { writes($0, .lmdb) },
        { writes($0, .rocksDB) },
        { loads($0, .lmdb) },
        { loads($0, .rocksDB) },
        { grdb($0, .lmdb) },
        { grdb($0, .rocksDB) },
        { plainActor($0) },
        { rocksDBThreads($0) },
    ]
}
