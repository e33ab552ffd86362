import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("Conformance of LMDB stores", .timeLimit(.minutes(5)))
struct LMDBConformanceTests {
    @Test("a durable LMDB store keeps the contract:", arguments: StoreConformance.checks)
    func durable(_ check: StoreConformance.Check) async throws {
        try await conform(check, .durable, increments: 4, operations: 150)
    }

    @Test("a buffered LMDB store keeps the contract:", arguments: StoreConformance.checks)
    func buffered(_ check: StoreConformance.Check) async throws {
        try await conform(check, .buffered, increments: takesLong ? 1_000 : 40, operations: 1_500)
    }

    @Test(
        "a large LMDB store keeps the contract:", .enabled(if: takesLong),
        arguments: StoreConformance.largeChecks)
    func large(_ check: StoreConformance.Check) async throws {
        try await conform(check, .buffered, increments: 1, operations: 1)
    }

    private func conform(
        _ check: StoreConformance.Check, _ durability: Durability, increments: Int, operations: Int
    ) async throws {
        try await withTemporaryDirectory { directory in
            let made = AtomicCounter()
            let outcome = try await StoreConformance(increments: increments, operations: operations) {
                let number = made.add()
                return try await DiskBackend.lmdb.open("\(directory)/\(number)", durability: durability)
            } reopen: {
                try await DiskBackend.lmdb.open("\(directory)/\(made.value)", durability: durability)
            }.run(check)
            #expect(outcome == .passed)
        }
    }
}
