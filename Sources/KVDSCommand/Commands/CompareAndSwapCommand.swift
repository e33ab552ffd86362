#if Command
import ArgumentParser
import KVDS

struct CompareAndSwapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cas",
        abstract: "Replace the value of a key if it has the expected value.",
        discussion: """
            The exit code is 0 when the value was replaced, and 1 when the key had another value or none.

              kvds cas balance:42 100 90
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key.") var key: String
    @Argument(help: "The value the key must have.") var expected: String
    @Argument(help: "The new value.") var new: String

    func run() async throws {
        let isSwapped = try await options.withStore(.existing) {
            try await $0.compareAndSwap(Bytes(key), expected: Bytes(expected), new: Bytes(new))
        }
        if !isSwapped { throw ExitCode(1) }
    }
}
#endif
