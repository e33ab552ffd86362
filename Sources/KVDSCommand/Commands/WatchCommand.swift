import ArgumentParser
import KVDS
import KVDSFormats

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print changes as other processes make them.",
        discussion: """
            It runs until it is interrupted, or has printed as many changes as --limit says.

              kvds watch --prefix user:
              kvds watch --format jsonl --limit 1 | notify

            The formats: text is set, the key and the value, or delete and the key, with tabs between them, as they are; \
            jsonl is {"key":…,"revision":…,"value":…}, with null for the value of a key that was deleted. Of several changes \
            of one key in a short time the last one is printed. Each commit of another process is found by reading what has \
            the prefix twice, so that a short one makes work.

            A store that only one process can have open, as one of RocksDB, cannot be watched from another one.
            """)

    /// What changes can be printed as.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, jsonl
    }

    @OptionGroup var options: StoreOptions
    @Option(parsing: .unconditional, help: "Only keys that begin with this.") var prefix = ""
    @Option(parsing: .unconditional, help: "End after so many changes.") var limit: Int?
    @Option(help: "How changes are printed.") var format: Format = .text

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit is 0 or more, not \(limit).") }
    }

    func run() async throws {
        // Interrupted, it closes the store: a view that was left open in it would keep deleted data.
        try await Interruption.cancelling { [self] in
            // It holds a view for as long as nothing changes, as it must.
            try await options.withStore(.existing, StoreConfiguration(snapshotAgeWarning: nil)) { store in
                guard let store = store as? any StoreInspector & SnapshotProvider & ChangeFeedProvider, store.isShared
                else {
                    throw StoreError(
                        .notSupported,
                        "While kvds has this store open, nobody else can change it; observe it in the program that does.",
                        store: store.description)
                }
                try await watch(store)
            }
        }
    }

    private func watch(_ store: any SnapshotProvider & ChangeFeedProvider) async throws {
        let range = KeyRange.prefix(Bytes(prefix))
        let output = ByteWriter()
        var left = limit ?? .max
        var known = try await store.snapshot()
        var events = store.changes(in: range, since: known.revision).makeAsyncIterator()
        Descriptor.standardError.report("watching from revision \(known.revision) on")
        while left > 0, let event = try await events.next() {
            // What was committed before the last look has been printed.
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
