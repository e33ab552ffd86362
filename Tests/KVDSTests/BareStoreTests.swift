import KVDS
import Testing

@testable import KVDSTesting

/// Code over a store must not require its capabilities: without snapshots a transaction reads the store itself.
@Suite("A store without capabilities", .timeLimit(.minutes(5)))
struct BareStoreTests {
    @Test(
        "a store without snapshots keeps the promises of transactions:",
        arguments: StoreConformance.transactionChecks + StoreConformance.conflictChecks
            + StoreConformance.pagedTransactionChecks + StoreConformance.anomalyChecks)
    func transactions(_ check: StoreConformance.Check) async throws { try await conform(check) }

    @Test(
        "a store without snapshots keeps the promises of locking transactions:",
        arguments: StoreConformance.serviceChecks + StoreConformance.lockingChecks + StoreConformance.lockWaitChecks
            + StoreConformance.lockingAnomalyChecks)
    func locking(_ check: StoreConformance.Check) async throws { try await conform(check) }

    @Test(
        "a store without capabilities keeps the promises of leases, counters and sequences:",
        arguments: StoreConformance.coordinationChecks)
    func coordination(_ check: StoreConformance.Check) async throws { try await conform(check) }

    private func conform(_ check: StoreConformance.Check) async throws {
        let suite = StoreConformance(increments: 8, operations: 1_000) { BareStore(MemoryStore()) }
        let outcome = try await suite.run(check)
        #expect(outcome == .passed)
    }
}
