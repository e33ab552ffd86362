import TestSupport
import KVDS
import KVDSTesting
import Testing

/// Users of a distributor use its stores through handles.
@Suite("Conformance of store handles", .timeLimit(.minutes(5)))
struct HandleConformanceTests {
    @Test("a handle of a durable LMDB store keeps the contract:", arguments: StoreConformance.checks)
    func durableLMDB(_ check: StoreConformance.Check) async throws { try await conform(check, .lmdb, .durable) }

    @Test("a handle of a buffered LMDB store keeps the contract:", arguments: StoreConformance.checks)
    func bufferedLMDB(_ check: StoreConformance.Check) async throws { try await conform(check, .lmdb, .buffered) }

    @Test("a handle of a durable RocksDB store keeps the contract:", arguments: StoreConformance.checks)
    func durableRocksDB(_ check: StoreConformance.Check) async throws { try await conform(check, .rocksdb, .durable) }

    @Test("a handle of a buffered RocksDB store keeps the contract:", arguments: StoreConformance.checks)
    func bufferedRocksDB(_ check: StoreConformance.Check) async throws {
        try await conform(check, .rocksdb, .buffered)
    }

    @Test("a handle of a memory store keeps the contract:", arguments: StoreConformance.checks)
    func memory(_ check: StoreConformance.Check) async throws { try await conform(check, .memory, .durable) }

    private func conform(_ check: StoreConformance.Check, _ served: Served, _ durability: Durability) async throws {
        try await withDistributor { distributor in
            let outcome = try await suite(distributor, served, durability).run(check)
            #expect(outcome == .passed || check.needsReopening && served == .memory)
        }
    }

    private func suite(
        _ distributor: DistributorActor, _ served: Served, _ durability: Durability
    ) -> StoreConformance {
        let configuration = StoreConfiguration(durability: durability)
        let made = AtomicCounter()
        @Sendable func open(_ number: Int) async throws -> any KeyValueStore {
            try await distributor.store(StoreID("\(number)"), on: served.backend, configuration: configuration)
        }
        let make: StoreConformance.MakeStore = { try await open(made.add()) }
        let reopen: StoreConformance.MakeStore = { try await open(made.value) }
        // A memory store loses its contents when it is closed.
        return StoreConformance(
            increments: 4, operations: 150, makeStore: make, reopen: served == .memory ? nil : reopen)
    }
}
