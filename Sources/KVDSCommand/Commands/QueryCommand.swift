#if Command
import ArgumentParser
import KVDS
import KVDSFormats
import KVDSRecords

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Print the records of a table that match a filter.",
        discussion: """
            The filter is written as in Swift, with the names of fields:

              kvds query users --where 'city == "Oslo" && age >= 18' --order city,-age --limit 10
              kvds query users --where 'name hasPrefix "a" || tags contains "new" || age in [1, 2]' --format csv
              kvds query users --where 'city != nil' --explain

            An index is used as a program would use it. A date is a string in ISO 8601, or seconds since 1970. A field \
            that a record was written without is nil. Exits with 1 if the store has no such table.

            The formats: text has the fields of a record, separated by tabs; jsonl one object for each record; csv a \
            header and one row for each record. In text and csv, a list or a struct is JSON.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, jsonl, csv }

    @OptionGroup var options: StoreOptions
    @Argument(help: "The name of the table.") var table: String
    @Option(help: "The filter. Default: all records.") var `where`: String?
    @Option(parsing: .unconditional, help: "Fields to order by, with commas; a minus makes one descending.")
    var order: String?
    @Option(parsing: .unconditional, help: "The maximum number of records.") var limit: Int?
    @Option(help: "The output format.") var format: Format = .text
    @Flag(help: "Print how the records would be read, and no record.") var explain = false

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
                let query = StoredTable.TextQuery(filter: `where`, order: order, limit: limit)
                if explain { return try output.write(line: table.explain(query, in: snapshot).description) }
                let names = table.fields.map(\.name)
                if format == .csv { try output.write(line: FieldRow.csv(names)) }
                try await table.query(query, in: snapshot) { record in
                    switch format {
                    case .jsonl: try output.write(line: record.json)
                    case .text: try output.write(line: FieldRow.text(record.fields(names)))
                    case .csv: try output.write(line: FieldRow.csv(record.fields(names)))
                    }
                }
            }
            try output.flush()
        }
    }
}
#endif
