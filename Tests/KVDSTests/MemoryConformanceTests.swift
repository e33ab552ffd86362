import KVDS
import KVDSTesting
import Testing

@Suite("Conformance of the memory store", .timeLimit(.minutes(5)))
struct MemoryConformanceTests {
    @Test("the memory store keeps the contract:", arguments: StoreConformance.checks)
    func memory(_ check: StoreConformance.Check) async throws {
        let outcome = try await StoreConformance(increments: 200, operations: 3_000) { MemoryStore() }.run(check)
        #expect(check.needsReopening || outcome == .passed)
    }

    @Test(
        "the memory store keeps the contract with much data:", .enabled(if: takesLong),
        arguments: StoreConformance.largeChecks)
    func large(_ check: StoreConformance.Check) async throws {
        try await StoreConformance { MemoryStore() }.run(check)
    }

    @Test("64 tasks with 1,000 increments each lose none in a memory store", .enabled(if: takesLong))
    func increments() async throws {
        let suite = StoreConformance(increments: 1_000) { MemoryStore() }
        for check in StoreConformance.checks where check.name.contains("increment") { try await suite.run(check) }
    }

    @Test(
        "one order explains 100,000 operations of 16 tasks on a memory store", .enabled(if: takesLong),
        arguments: HistoryCheck.Transactions.allCases)
    func history(_ transactions: HistoryCheck.Transactions) async throws {
        let check = HistoryCheck(transactions: transactions)
        print("seed of the history of \(transactions) transactions on memory: \(check.seed)")
        try await check.run(on: MemoryStore())
    }

    @Test("the model store keeps the contract:", arguments: StoreConformance.checks)
    func model(_ check: StoreConformance.Check) async throws {
        let outcome = try await StoreConformance { ModelStore() }.run(check)
        #expect(check.needsReopening || outcome == .passed)
    }

    @Test("a check of a capability that the store lacks is skipped with a reason")
    func skipped() async throws {
        let skipped = StoreConformance.checks.filter { $0.name.contains("snapshot") || $0.name.contains("subscriber") }
        #expect(skipped.count > 10)
        for check in skipped where !check.needsReopening {
            let outcome = try await StoreConformance { BareStore(MemoryStore()) }.run(check)
            guard case .skipped(let reason) = outcome else {
                Issue.record("\(check) was not skipped")
                continue
            }
            #expect(reason.contains("has no"))
        }
    }

    @Test("an engine behind the store's own thread keeps the contract:", arguments: StoreConformance.checks)
    func threaded(_ check: StoreConformance.Check) async throws {
        try await StoreConformance {
            try await EmbeddedStore.open("threaded:") { FaultInjectingEngine(MemoryEngine(), faults: Faults()) }
        }.run(check)
    }
}
