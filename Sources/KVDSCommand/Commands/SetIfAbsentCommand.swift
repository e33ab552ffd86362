#if Command
import ArgumentParser
import KVDS

struct SetIfAbsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setnx",
        abstract: "Set the value of a key if it has none.",
        discussion: """
            The exit code is 0 when the value was set, and 1 when the key already had one. If several processes do \
            this at the same time, exactly one succeeds.

              kvds setnx lock:job-7 worker-3 && run-job-7
            """)

    @OptionGroup var entry: EntryArguments

    func run() async throws {
        let isSet = try await entry.withStore { store, key, value in try await store.setIfAbsent(key, to: value) }
        if !isSet { throw ExitCode(1) }
    }
}
#endif
