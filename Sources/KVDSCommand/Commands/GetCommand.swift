#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print the value of a key.",
        discussion: """
            Prints the value unchanged, followed by a newline. If the key has no value, prints nothing and exits with 1.

              kvds get user:42 --store lmdb:/var/lib/app/users
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key.") var key: String

    func run() async throws {
        let value = try await options.withStore(.existing) { try await $0.get(Bytes(key)) }
        guard let value else { throw ExitCode(1) }
        let output = ByteWriter()
        try output.write {
            $0.append(raw: value)
            $0.append(.newline)
        }
        try output.flush()
    }
}
#endif
