#if Command
import ArgumentParser
import KVDS

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set the value of a key.",
        discussion: """
            The store is created if it is missing. When the command ends, the value is on stable storage.

              kvds set user:42 ada --store lmdb:/var/lib/app/users
              kvds set photo:9 - < photo.png
            """)

    @OptionGroup var entry: EntryArguments

    func run() async throws {
        try await entry.withStore { store, key, value in _ = try await store.set(key, to: value) }
    }
}
#endif
