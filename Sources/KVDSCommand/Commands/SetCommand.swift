#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set the value of a key.",
        discussion: """
            The store is created if it is missing. When the command ends, the value is on stable storage.

              kvds set user:42 ada --store lmdb:/var/lib/app/users
              kvds set photo:9 - < photo.png
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key.") var key: String
    @Argument(help: .value) var value: String

    func run() async throws {
        // Check the options before a long input is read.
        _ = try options.backend(.creating)
        let value = try ArgumentBytes.value(value)
        try await options.withStore(.creating) { _ = try await $0.set(Bytes(key), to: value) }
    }
}

extension ArgumentHelp {
    static let value = ArgumentHelp(
        "The value; - reads it from standard input, unchanged. Put -- before a value that begins with a dash.")
}
#endif
