#if Command
import ArgumentParser
import KVDS
import KVDSFormats
import KVDSRecords

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Make a dictionary from a table's records, so that small records are compressed well.",
        discussion: """
            Programs that compress the table with Zstandard use the new dictionary for the records that they write after \
            they have opened the table. Records that are there keep their form. Prints the version of the dictionary and \
            its number of bytes, and how much of their size some records take without and with it. Exits with 1 if the \
            store has no such table.

              kvds train users --store lmdb:/var/lib/app/users
              dictionary 1: 65536 bytes from 10000 records, which take 0.73 of their size without and 0.39 with it
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The name of the table.") var table: String
    @Option(parsing: .unconditional, help: "The greatest number of bytes of the dictionary.")
    var capacity = DictionaryTraining().capacity
    @Option(parsing: .unconditional, help: "The greatest number of records to learn from.")
    var samples = DictionaryTraining().sampleCount

    func validate() throws {
        if capacity < 256 { throw ValidationError("--capacity must be 256 or more, not \(capacity).") }
        if samples < 7 { throw ValidationError("--samples must be 7 or more, not \(samples).") }
    }

    func run() async throws {
        guard let compression = CommandCompression.zstandard else {
            throw StoreError(
                .notSupported, "This kvds was built without compression; build it with --traits Compression.")
        }
        let settings = DictionaryTraining(capacity: capacity, sampleCount: samples)
        let trained = try await options.withStore(.existing) { store in
            let found = try await StoredTable.named(table, in: store, reading: compression)
            guard let table = found else { throw ExitCode(1) }
            return try await table.trainDictionary(in: store, settings)
        }
        func share(_ bytes: Int) -> String {
            let hundredths = (bytes * 100 + trained.plainBytes / 2) / max(1, trained.plainBytes)
            return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        }
        let output = KVDSFormats.ByteWriter()
        try output.write(
            line:
                "dictionary \(trained.version): \(trained.byteCount) bytes from \(trained.sampleCount) records, which "
                + "take \(share(trained.compressedBytes)) of their size without and \(share(trained.dictionaryBytes)) "
                + "with it")
        try output.flush()
    }
}
#endif
