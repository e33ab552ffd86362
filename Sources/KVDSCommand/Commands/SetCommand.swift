import ArgumentParser
import KVDS
import KVDSFormats

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Give a key a value.",
        discussion: """
            The store is made if it is missing. When the command ends the value is on stable storage.

              kvds set user:42 ada --store lmdb:/var/lib/app/users
              kvds set photo:9 - < photo.png
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key.") var key: String
    @Argument(help: .value) var value: String

    func run() async throws {
        // Before a long input is read, not behind it.
        _ = try options.backend(.creating)
        let value = try ArgumentBytes.value(value)
        try await options.withStore(.creating) { _ = try await $0.set(Bytes(key), to: value) }
    }
}

/// Values from the command line.
enum ArgumentBytes {
    /// The UTF-8 bytes of the argument, or, when it is `-`, all of standard input as it is.
    static func value(_ argument: String) throws(StoreError) -> Bytes {
        guard argument == "-" else { return Bytes(argument) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try Descriptor.standardInput.read(into: &chunk)
            if count == 0 { return Bytes(bytes) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}

extension ArgumentHelp {
    static let value = ArgumentHelp(
        "The value; - reads it from standard input, as it is. Put -- before a value that begins with a dash.")
}
