import ArgumentParser
import KVDS

struct SetIfAbsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setnx",
        abstract: "Give a key a value if it has none.",
        discussion: """
            The exit code is 0 when the value was set and 1 when the key had one already. Of many processes that race, one \
            wins.

              kvds setnx lock:job-7 worker-3 && run-job-7
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key.") var key: String
    @Argument(help: .value) var value: String

    func run() async throws {
        // Before a long input is read, not behind it.
        _ = try options.backend(.creating)
        let value = try ArgumentBytes.value(value)
        let isSet = try await options.withStore(.creating) { try await $0.setIfAbsent(Bytes(key), to: value) }
        if !isSet { throw ExitCode(1) }
    }
}
