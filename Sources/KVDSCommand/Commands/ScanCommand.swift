import ArgumentParser
import KVDS
import KVDSFormats

struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Print entries in key order.",
        discussion: """
            The entries are those of one instant, however many are written meanwhile. They are streamed, so that the size of \
            the store does not matter.

              kvds scan --prefix user: | head -1
              kvds scan --from 2024 --to 2025 --reverse --limit 10 --format jsonl

            The formats: text is the key, a tab and the value as they are; jsonl and csv are those of kvds export.
            """)

    /// What a scan can be printed as.
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
    @Option(parsing: .unconditional, help: "Only keys that begin with this.") var prefix: String?
    @Option(parsing: .unconditional, help: "Only this key and those after it.") var from: String?
    @Option(parsing: .unconditional, help: "Only keys before this one.") var to: String?
    @Flag(help: "From the last key to the first.") var reverse = false
    @Option(parsing: .unconditional, help: "At most so many entries.") var limit: Int?
    @Flag(help: "Print keys without values.") var keysOnly = false
    @Option(help: "How entries are printed.") var format: Format = .text

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit is 0 or more, not \(limit).") }
    }

    /// The keys that all of the options allow.
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
