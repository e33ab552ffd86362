#if Command
import ArgumentParser
import KVDS
import KVDSFormats
import KVDSRecords

struct DecodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Print the records of a table as JSON, in the order of their keys.",
        discussion: """
            Prints one JSON object for each record: the elements of its key, and its fields. A record is decoded with \
            the schema that it was written with, so nothing of the program that wrote it is needed. Exits with 1 if the \
            store has no such table.

              kvds decode users --store lmdb:/var/lib/app/users | head -1
              {"key":[1],"record":{"id":1,"name":"ada","city":null}}
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The name of the table.") var table: String
    @Flag(help: "From the last key to the first.") var reverse = false
    @Option(parsing: .unconditional, help: "The maximum number of records.") var limit: Int?

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more, not \(limit).") }
    }

    func run() async throws {
        let output = KVDSFormats.ByteWriter()
        try await options.withStore(.existing) { store in
            // The catalog and the records of one moment.
            try await store.withSnapshot { snapshot in
                let found = try await StoredTable.named(table, in: snapshot, reading: CommandCompression.all)
                guard let table = found else { throw ExitCode(1) }
                let order: ScanOrder = reverse ? .reverse : .forward
                for try await entry in snapshot.entries(in: table.range, order: order, limit: limit) {
                    let (key, record) = try (table.key(of: entry), table.record(of: entry))
                    try output.write(line: "{\"key\":\(key.json),\"record\":\(record.json)}")
                }
            }
            try output.flush()
        }
    }
}
#endif
