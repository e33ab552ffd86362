import KVDS
import KVDSTesting
import Testing

/// The values that the shipped stores refuse are too long for a test.
@Suite("Small limits", .timeLimit(.minutes(1)))
struct StoreLimitsTests {
    private static let limits = StoreLimits(maximumKeyLength: 40, maximumValueLength: 100)

    private static let checks = StoreConformance.checks.filter { check in
        [".invalidKey", ".invalidValue", "every byte value"].contains { check.name.contains($0) }
    }

    @Test("a store with small limits keeps the contract:", arguments: checks)
    func embedded(_ check: StoreConformance.Check) async throws {
        try await StoreConformance {
            try await EmbeddedStore.open("small:") { AdjustedMemoryEngine(limits: Self.limits) }
        }.run(check)
    }

    @Test("a model store with small limits keeps the contract:", arguments: checks)
    func model(_ check: StoreConformance.Check) async throws {
        try await StoreConformance { ModelStore(limits: Self.limits) }.run(check)
    }

    @Test("the small limits are tested by all four checks of keys and values")
    func found() { #expect(Self.checks.count == 4) }
}
