#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write entries to a file that kvds import reads back byte for byte.",
        discussion: """
            The entries come from one snapshot, in key order. A file appears under its name once it is complete. Only \
            the owner may access a new file; a replaced file keeps its permissions.

              kvds export users.tsv
              kvds export - --format jsonl --prefix user: | gzip > users.jsonl.gz
              kvds export --store lmdb:/old | kvds import - --store rocksdb:/new
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The file; - is standard output.") var file = "-"
    @Option(
        help: "The format: tsv, csv or jsonl, as in kvds import. Default: from the extension of the file, else tsv.")
    var format: RowFormat?
    @Option(parsing: .unconditional, help: "Only keys with this prefix.") var prefix = ""

    func run() async throws {
        // An interrupted export must not leave a partial file. Any other output may end at any byte.
        if file == "-" || Path.isSpecial(file) { return try await export() }
        try await Interruption.cancelling { [self] in try await export() }
    }

    private func export() async throws {
        let start = ContinuousClock.now
        let count = try await options.withStore(.existing) { try await write($0) }
        let time = ContinuousClock.now - start
        let name = file == "-" ? "standard output" : file
        Descriptor.standardError.report(
            "exported \(count) entries to \(name) in \(time.seconds) s, \(time.rate(count)) a second")
    }

    /// - Returns: the number of entries written.
    private func write(_ store: any KeyValueStore) async throws -> Int {
        if file == "-" { return try await write(store, to: .standardOutput) }
        // A pipe or a device cannot be replaced.
        if Path.isSpecial(file) { return try await write(store, to: .writing(file)) }
        return try await Descriptor.replacingFile(at: file) { try await write(store, to: $0) }
    }

    private func write(_ store: any KeyValueStore, to target: Descriptor) async throws -> Int {
        let encoder = RowEncoder(style: .format(format ?? RowFormat(path: file)))
        let output = ByteWriter(target)
        let progress = ProgressBar("exporting", total: prefix.isEmpty ? await store.knownEntryCount : nil)
        defer { progress.clear() }
        var count = 0
        try output.write(encoder.appendHeader)
        for try await page in store.entries(prefix: Bytes(prefix)).pages {
            for entry in page {
                try output.write { try encoder.append(entry, to: &$0) }
            }
            count += page.count
            progress.update(count)
        }
        try output.flush()
        return count
    }
}
#endif
