import TestSupport
import KVDS
import KVDSLMDB

extension LMDBConfiguration {
    /// Opens a store with this configuration.
    func open(_ path: String, durability: Durability = .buffered) async throws -> any KeyValueStore {
        let store = try await Backend.lmdb(self).open(
            at: path, configuration: StoreConfiguration(durability: durability))
        guard let store = store as? LMDBStore else { throw ToolFailure(description: "not an LMDB store") }
        return store
    }

    /// Calls `body` with a new store with this configuration and a thousand entries, and with its path, and closes the
    /// store afterwards.
    func withFilledStore(_ body: (any KeyValueStore, String) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let store = try await open(path)
            try await store.write { batch in
                for index in 0..<1_000 { batch.set(Bytes("key \(index)"), to: Bytes("\(index)")) }
            }
            try await body(store, path)
            try await store.close()
        }
    }
}
