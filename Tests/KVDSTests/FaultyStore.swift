import KVDSTesting

@testable import KVDS

/// A store in memory that fails on request.
typealias FaultyStore = EmbeddedStore<FaultInjectingEngine<MemoryEngine>>

extension FaultyStore {
    static func open(
        _ faults: Faults, changeRetention: ChangeRetention = ChangeRetention()
    ) async throws(StoreError) -> FaultyStore {
        try await open("faulty:", configuration: StoreConfiguration(changeRetention: changeRetention)) {
            FaultInjectingEngine(MemoryEngine(), faults: faults)
        }
    }
}
