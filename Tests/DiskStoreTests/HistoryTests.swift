import DiskTestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("What many tasks see of a store on disk", .timeLimit(.minutes(10)))
struct HistoryTests {
    @Test("one order explains it", arguments: DiskBackend.allCases, HistoryCheck.Transactions.allCases)
    func history(_ backend: DiskBackend, _ transactions: HistoryCheck.Transactions) async throws {
        let check = HistoryCheck(operations: takesLong ? 100_000 : 3_000, transactions: transactions)
        print("seed of the history of \(transactions) transactions on \(backend): \(check.seed)")
        try await withTemporaryDirectory { path in
            let store = try await backend.open(path, durability: .buffered)
            try await check.run(on: store)
            try await store.close()
        }
    }
}
