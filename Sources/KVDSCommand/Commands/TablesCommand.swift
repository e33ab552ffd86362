#if Command
import ArgumentParser
import KVDS
import KVDSFormats
import KVDSRecords

struct TablesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tables",
        abstract: "List the tables of a store.",
        discussion: """
            Prints one line for each table, by name: its name, its number of records, the kinds of the elements of its \
            keys, and the newest version of its schema, separated by tabs.

              kvds tables --store lmdb:/var/lib/app/users
            """)

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let output = KVDSFormats.ByteWriter()
        try await options.withStore(.existing) { store in
            for table in try await StoredTable.all(in: store) {
                var count = 0
                for try await page in store.entries(in: table.range).pages { count += page.count }
                let kinds = table.keyKinds.joined(separator: ", ")
                try output.write(line: "\(table.name)\t\(count)\t\(kinds)\tversion \(table.schemas.count)")
            }
        }
        try output.flush()
    }
}
#endif
