#if Command
import ArgumentParser
import KVDS
import KVDSFormats
import KVDSRecords

struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Print the fields of a table's records, their types, and the indexes.",
        discussion: """
            The fields are those of the newest version of the schema, in the order in which a record stores them. Exits \
            with 1 if the store has no such table.

              kvds describe users --store lmdb:/var/lib/app/users
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The name of the table.") var table: String

    func run() async throws {
        let found = try await options.withStore(.existing) { try await StoredTable.named(table, in: $0) }
        guard let table = found else { throw ExitCode(1) }
        let output = KVDSFormats.ByteWriter()
        for field in table.fields { try output.write(line: "\(field.name): \(field.type)") }
        for type in table.innerTypes { try output.write(line: type) }
        for index in table.indexes { try output.write(line: index) }
        try output.flush()
    }
}
#endif
