#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Set the entries of a file.",
        discussion: """
            Rows are written in batches of at most 1,000 rows or about 1 MB. Each batch is one durable commit. A bad \
            row ends the import with an error that names its line; nothing of its batch is written.

              kvds import users.tsv
              kvds import customers.csv --key id --value name
              curl -s https://example.org/dump.jsonl | kvds import - --format jsonl

            The formats:
              tsv    key, tab, value; \\t \\n \\r \\\\ and \\xNN stand for bytes; no header.
              csv    RFC 4180; the first row names the columns, unless --no-header is given.
              jsonl  one object per line: {"key":"a","value":"1"}, or key_base64 and value_base64 for bytes.
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The file; - is standard input.") var file: String
    @Option(help: "The format of the file. Default: from its extension, else tsv.") var format: RowFormat?
    @Option(
        parsing: .unconditional,
        help: "The column of the key: its name (csv, jsonl) or its number from 1 (tsv, csv). Default: key, or 1.")
    var key: String?
    @Option(parsing: .unconditional, help: "The column of the value. Default: value, or 2.") var value: String?
    @Flag(name: .customLong("no-header"), help: "Read the first row of a csv file as an entry.")
    var hasNoHeader = false

    private var rowFormat: RowFormat { format ?? RowFormat(path: file) }

    private func decoder() throws(BadRow) -> RowDecoder {
        try RowDecoder(rowFormat, key: key, value: value, hasHeader: !hasNoHeader)
    }

    func validate() throws {
        do {
            _ = try decoder()
        } catch {
            throw ValidationError("\(error.message).")
        }
    }

    func run() async throws {
        let source = file == "-" ? Descriptor.standardInput : try Descriptor.reading(file)
        var rows = RowReader(source, rowFormat, try decoder())
        let progress = ProgressBar("importing", unit: "bytes", total: source.fileLength)
        let start = ContinuousClock.now
        let count: Int
        do {
            count = try await options.withStore(.creating) { try await Self.write(&rows, to: $0, progress) }
        } catch {
            progress.clear()
            guard let stop = error as? ImportStop else { throw error }
            throw ImportFailure(file: source.name, stop: stop)
        }
        progress.clear()
        let time = ContinuousClock.now - start
        Descriptor.standardError.report(
            "imported \(count) entries from \(source.name) in \(time.seconds) s, \(time.rate(count)) a second")
    }

    /// - Returns: the number of rows written.
    private static func write(
        _ rows: inout RowReader, to store: any KeyValueStore, _ progress: ProgressBar
    ) async throws -> Int {
        var count = 0
        while true {
            do {
                guard let batch = try nextBatch(&rows, store.limits) else { return count }
                try await store.commit(batch)
                count += batch.mutations.count
                progress.update(rows.byteCount)
            } catch {
                throw ImportStop(cause: error, line: rows.line, written: count)
            }
        }
    }

    private static func nextBatch(_ rows: inout RowReader, _ limits: StoreLimits) throws -> WriteBatch? {
        var batch = WriteBatch()
        var byteCount = 0
        while batch.mutations.count < 1_000, byteCount < 1 << 20, let entry = try rows.next() {
            do throws(StoreError) {
                try limits.check(key: entry.key)
                try limits.check(value: entry.value, for: entry.key)
            } catch {
                let end = error.message.hasSuffix(".") ? 1 : 0
                throw RowError(line: rows.line, message: String(error.message.dropLast(end)))
            }
            batch.set(entry.key, to: entry.value)
            byteCount += entry.key.count + entry.value.count
        }
        return batch.mutations.isEmpty ? nil : batch
    }
}
#endif
