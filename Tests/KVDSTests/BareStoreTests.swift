import KVDS
import Testing

@testable import KVDSTesting

/// What stands on a store needs no ability of it: without snapshots a transaction reads the store itself.
@Suite("A store without abilities", .timeLimit(.minutes(5)))
struct BareStoreTests {
    @Test(
        "a store without snapshots keeps what transactions promise:",
        arguments: StoreConformance.transactionChecks + StoreConformance.conflictChecks
            + StoreConformance.pagedTransactionChecks + StoreConformance.anomalyChecks)
    func transactions(_ check: StoreConformance.Check) async throws { try await conform(check) }

    @Test(
        "a store without snapshots keeps what transactions that lock promise:",
        arguments: StoreConformance.serviceChecks + StoreConformance.lockingChecks + StoreConformance.lockWaitChecks
            + StoreConformance.lockingAnomalyChecks)
    func locking(_ check: StoreConformance.Check) async throws { try await conform(check) }

    @Test(
        "a store without abilities keeps what leases, counters and sequences promise:",
        arguments: StoreConformance.coordinationChecks)
    func coordination(_ check: StoreConformance.Check) async throws { try await conform(check) }

    private func conform(_ check: StoreConformance.Check) async throws {
        let suite = StoreConformance(increments: 8, operations: 1_000) { BareStore(MemoryStore()) }
        let outcome = try await suite.run(check)
        #expect(outcome == .passed)
    }
}
