import KVDS
import KVDSTesting
import Testing

@Suite("Conformance")
struct MemoryConformanceTests {
    @Test("the memory store keeps the contract:", arguments: StoreConformance.checks)
    func memory(_ check: StoreConformance.Check) async throws {
        try await StoreConformance(increments: 200, operations: 3_000) { MemoryStore() }.run(check)
    }

    @Test("the model store keeps the contract:", arguments: StoreConformance.checks)
    func model(_ check: StoreConformance.Check) async throws {
        try await StoreConformance { ModelStore() }.run(check)
    }

    @Test("an engine behind the store's own thread keeps the contract:", arguments: StoreConformance.checks)
    func threaded(_ check: StoreConformance.Check) async throws {
        try await StoreConformance {
            try await EmbeddedStore.open("threaded:") { FaultInjectingEngine(MemoryEngine(), faults: Faults()) }
        }.run(check)
    }
}
