import ArgumentParser
import KVDS
import KVDSFormats

/// Which store a command is about.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The store: lmdb:/path, rocksdb:/path or memory:. Default: the environment variable KVDS_STORE.",
            valueName: "url"))
    var store: String?

    /// Whether a command makes the store it finds missing.
    enum Access {
        /// For commands that give no key a first value: a mistyped path must not become an empty store.
        case existing
        case creating
    }

    var url: String { store ?? Environment.value(of: "KVDS_STORE") ?? "" }

    /// Opens the store, and closes it when `body` is done with it or failed.
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
            // The first error is the one to tell; closing twice is harmless.
            try? await store.close()
            throw error
        }
    }

    /// The backend for the store's URL.
    ///
    /// - Throws: `ValidationError` when no store is named; `StoreError`: `.notFound` when the store is missing and is not
    ///   to be made, `.unknownBackend`, `.invalidArgument`.
    func backend(_ access: Access) throws -> Backend {
        // Not in `validate()`, which runs before it is known whether there is a verb that needs a store.
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
    /// How many entries there are, where the engine knows without counting.
    var knownEntryCount: Int? {
        get async { try? await (self as? any StoreInspector)?.statistics().engine.entryCount }
    }
}
