#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Print the number of entries, bytes and files of a store, and its revision.",
        discussion: """
            The bytes are those of the files on disk, or of the entries in memory. The revision counts commits.

              kvds stats --store lmdb:/var/lib/app/users
              kvds stats --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var options: StoreOptions
    @Option(help: "The output format: text for people, or one JSON object.") var format: Format = .text

    func run() async throws {
        let output = ByteWriter()
        let (statistics, count) = try await options.withStore(.existing) { store in
            guard let inspector = store.inspector else {
                throw StoreError(
                    .invalidArgument, "This kind of store keeps no statistics; count its entries with kvds scan.",
                    store: options.url)
            }
            let statistics = try await inspector.inspect().engine
            let count = try await Self.count(statistics, store)
            return (statistics, count)
        }
        switch format {
        case .text: try output.write(line: text(statistics, count))
        case .json: try output.write { try json(statistics, count, to: &$0) }
        }
        try output.flush()
    }

    private static func count(_ statistics: EngineStatistics, _ store: any KeyValueStore) async throws -> Int {
        if let count = statistics.entryCount { return count }
        var count = 0
        for try await page in store.entries().pages { count += page.count }
        return count
    }

    private func text(_ statistics: EngineStatistics, _ count: Int) -> String {
        let lines = [
            "store: \(options.url)", "entries: \(count)", "bytes: \(statistics.byteCount)",
            "revision: \(statistics.revision)",
            "files: \(statistics.files.count)",
        ]
        return (lines + statistics.files.map { "  \($0.name): \($0.byteCount)" }).joined(separator: "\n")
    }

    private func json(_ statistics: EngineStatistics, _ count: Int, to output: inout [UInt8]) throws {
        let report = Report(
            store: options.url, entries: count, bytes: statistics.byteCount, revision: statistics.revision.rawValue,
            files: statistics.files.map { Report.File(name: $0.name, bytes: $0.byteCount) })
        try JSONLinesCodec.append(report, to: &output)
        output.append(.newline)
    }
}

/// The output of `--format json`.
private struct Report: Encodable {
    struct File: Encodable {
        var name: String
        var bytes: Int
    }

    var store: String
    var entries: Int
    var bytes: Int
    var revision: UInt64
    var files: [File]
}
#endif
