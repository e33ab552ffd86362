import KVDS
import KVDSTesting
import TestSupport
import Testing

@Suite("Conformance of LMDB stores", .timeLimit(.minutes(5)))
struct LMDBConformanceTests {
    @Test("a durable LMDB store keeps the contract:", arguments: StoreConformance.checks)
    func durable(_ check: StoreConformance.Check) async throws {
        let outcome = try await DiskBackend.lmdb.run(check, durability: .durable, increments: 4, operations: 150)
        #expect(outcome == .passed)
    }

    @Test("a buffered LMDB store keeps the contract:", arguments: StoreConformance.checks)
    func buffered(_ check: StoreConformance.Check) async throws {
        let increments = takesLong ? 1_000 : 40
        let outcome = try await DiskBackend.lmdb.run(
            check, durability: .buffered, increments: increments, operations: 1_500)
        #expect(outcome == .passed)
    }

    @Test("a large LMDB store keeps the contract:", .enabled(if: takesLong), arguments: StoreConformance.largeChecks)
    func large(_ check: StoreConformance.Check) async throws {
        let outcome = try await DiskBackend.lmdb.run(check, durability: .buffered, increments: 1, operations: 1)
        #expect(outcome == .passed)
    }
}
