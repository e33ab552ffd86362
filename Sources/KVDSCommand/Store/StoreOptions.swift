#if Command
import ArgumentParser
import KVDS
import KVDSFormats

/// The store that a command uses.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The store: lmdb:/path, rocksdb:/path or memory:. Default: the environment variable KVDS_STORE.",
            valueName: "url"))
    var store: String?

    /// Whether a command creates a missing store.
    enum Access {
        /// For commands that set no new key: a mistyped path must not become an empty store.
        case existing
        case creating
    }

    var url: String { store ?? Environment.value(of: "KVDS_STORE") ?? "" }

    /// Opens the store for `body`, and closes it even if `body` throws.
    func withStore<R>(
        _ access: Access, _ configuration: StoreConfiguration = StoreConfiguration(),
        _ body: (any KeyValueStore) async throws -> R
    ) async throws -> R {
        let backend = try backend(access)
        let store = try await backend.open(configuration: configuration)
        do {
            let result = try await body(store)
            try await store.close()
            return result
        } catch {
            // Report the first error. Closing twice is harmless.
            try? await store.close()
            throw error
        }
    }

    /// The backend for the store's URL.
    ///
    /// - Throws: `ValidationError` when no store is named; `StoreError`: `.notFound` when the store is missing and must
    ///   not be created, `.unknownBackend`, `.invalidArgument`.
    func backend(_ access: Access) throws -> Backend {
        // Not in `validate()`, which also runs when there is no subcommand that needs a store.
        if url.isEmpty {
            throw ValidationError(
                "Name the store with --store URL or KVDS_STORE, for example --store lmdb:/var/lib/app/users.")
        }
        let backend = try Backend(url: url, among: CommandBackends.all)
        let path = try StoreURL(url).location
        if backend.isPersistent, access == .existing, Path.isMissingOrEmpty(path) {
            throw StoreError(
                .notFound, "There is no store at \(path); check the path, or make a store with kvds set or kvds import."
            )
        }
        return backend
    }
}

extension KeyValueStore {
    /// The number of entries, if the engine knows it without counting.
    var knownEntryCount: Int? {
        get async { try? await inspector?.inspect().engine.entryCount }
    }
}
#endif
