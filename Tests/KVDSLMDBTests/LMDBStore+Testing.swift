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
}
