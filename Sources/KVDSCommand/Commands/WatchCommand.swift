#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print changes as other processes make them.",
        discussion: """
            Runs until it is interrupted or has printed --limit changes.

              kvds watch --prefix user:
              kvds watch --format jsonl --limit 1 | notify

            The formats: text is set, the key and the value, or delete and the key, separated by tabs and unchanged; \
            jsonl is {"key":…,"revision":…,"value":…}, with null as the value of a deleted key. If a key changes \
            several times in a short time, only the last change is printed. After each commit of another process, the \
            command reads all entries with the prefix twice, so a short prefix can be slow.

            A store that only one process can open, such as a RocksDB store, cannot be watched from another process.
            """)

    /// The output formats of changes.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, jsonl
    }

    @OptionGroup var options: StoreOptions
    @Option(parsing: .unconditional, help: "Only keys with this prefix.") var prefix = ""
    @Option(parsing: .unconditional, help: "End after this number of changes.") var limit: Int?
    @Option(help: "The output format.") var format: Format = .text

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more, not \(limit).") }
    }

    func run() async throws {
        // When interrupted, the command closes the store: a snapshot left open would keep deleted data.
        try await Interruption.cancelling { [self] in
            // It must hold a snapshot until something changes, so its age needs no warning.
            try await options.withStore(.existing, StoreConfiguration(snapshotAgeWarning: nil)) { store in
                guard store.isShared else {
                    throw StoreError(
                        .notSupported,
                        "While kvds has this store open, no other process can change it; observe it in the program that changes it.",
                        store: store.description)
                }
                try await watch(store)
            }
        }
    }

    private func watch(_ store: any KeyValueStore) async throws {
        let range = KeyRange.prefix(Bytes(prefix))
        let output = ByteWriter()
        var left = limit ?? .max
        var known = try await store.snapshot()
        var events = store.changes(in: range, since: known.revision).makeAsyncIterator()
        Descriptor.standardError.report("watching from revision \(known.revision) on")
        while left > 0, let event = try await events.next() {
            // The changes up to the known revision have been printed.
            if event.revision <= known.revision { continue }
            let now = try await store.snapshot()
            var difference = Difference(from: known, to: now, in: range)
            while left > 0, let change = try await difference.next() {
                try output.write { try append(change, now.revision, to: &$0) }
                left -= 1
            }
            try output.flush()
            known.close()
            known = now
        }
        known.close()
    }

    private func append(_ change: Change, _ revision: Revision, to output: inout [UInt8]) throws {
        switch format {
        case .text:
            output.append(contentsOf: (change.value == nil ? "delete\t" : "set\t").utf8)
            output.append(raw: change.key)
            if let value = change.value {
                output.append(.tab)
                output.append(raw: value)
            }
        case .jsonl: try JSONLinesCodec.append(change, revision, to: &output)
        }
        output.append(.newline)
    }
}
#endif
