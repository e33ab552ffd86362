#if Command
import ArgumentParser
import KVDS

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a key.",
        discussion: """
            It is not an error if the key has no value.

              kvds delete user:42 --store lmdb:/var/lib/app/users
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key.") var key: String

    func run() async throws {
        try await options.withStore(.existing) { _ = try await $0.delete(Bytes(key)) }
    }
}
#endif
