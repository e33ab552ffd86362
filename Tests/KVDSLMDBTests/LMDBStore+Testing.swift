import DiskTestSupport
import KVDS
import KVDSLMDB

extension LMDBConfiguration {
    /// Opens a store with these settings.
    func open(_ path: String, durability: Durability = .buffered) async throws -> any DiskStore {
        let store = try await Backend.lmdb(self).open(
            at: path, configuration: StoreConfiguration(durability: durability))
        guard let store = store as? LMDBStore else { throw ToolFailure(description: "not an LMDB store") }
        return store
    }
}
