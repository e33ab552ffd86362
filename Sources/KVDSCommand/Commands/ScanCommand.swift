#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Print entries in key order.",
        discussion: """
            The entries come from one snapshot, which later writes do not change. They are streamed, so the store may \
            be larger than memory.

              kvds scan --prefix user: | head -1
              kvds scan --from 2024 --to 2025 --reverse --limit 10 --format jsonl

            The formats: text is the key, a tab and the value, unchanged; jsonl and csv are those of kvds export.
            """)

    /// The output formats of a scan.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, jsonl, csv

        var style: RowEncoder.Style {
            switch self {
            case .text: .raw
            case .jsonl: .format(.jsonl)
            case .csv: .format(.csv)
            }
        }
    }

    @OptionGroup var options: StoreOptions
    @Option(parsing: .unconditional, help: "Only keys with this prefix.") var prefix: String?
    @Option(parsing: .unconditional, help: "Only this key and those after it.") var from: String?
    @Option(parsing: .unconditional, help: "Only keys before this one.") var to: String?
    @Flag(help: "From the last key to the first.") var reverse = false
    @Option(parsing: .unconditional, help: "The maximum number of entries.") var limit: Int?
    @Flag(help: "Print keys without values.") var keysOnly = false
    @Option(help: "The output format.") var format: Format = .text

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more, not \(limit).") }
    }

    /// The keys that all the options allow.
    var range: KeyRange {
        var range = KeyRange.prefix(Bytes(prefix ?? ""))
        if let from { range.lowerBound = max(range.lowerBound, Bytes(from)) }
        if let to { range.upperBound = min(range.upperBound ?? Bytes(to), Bytes(to)) }
        return range
    }

    func run() async throws {
        let encoder = RowEncoder(style: format.style, keysOnly: keysOnly)
        let output = ByteWriter()
        try await options.withStore(.existing) { store in
            try output.write(encoder.appendHeader)
            for try await page in store.entries(in: range, order: reverse ? .reverse : .forward, limit: limit).pages {
                for entry in page {
                    try output.write { try encoder.append(entry, to: &$0) }
                }
            }
            try output.flush()
        }
    }
}
#endif
