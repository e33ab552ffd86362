#if Command
import ArgumentParser
import KVDS

/// The arguments of a command that sets the value of a key.
struct EntryArguments: ParsableArguments {
    @OptionGroup var options: StoreOptions
    @Argument(help: "The key.") var key: String
    @Argument(
        help: "The value; - reads it from standard input, unchanged. Put -- before a value that begins with a dash.")
    var value: String

    /// Calls `body` with the store, the key and the value.
    func withStore<R>(_ body: (any KeyValueStore, Bytes, Bytes) async throws -> R) async throws -> R {
        // Check the options before a long input is read.
        _ = try options.backend(.creating)
        let value = try ArgumentBytes.value(value)
        return try await options.withStore(.creating) { try await body($0, Bytes(key), value) }
    }
}
#endif
