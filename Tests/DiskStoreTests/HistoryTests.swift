import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("Histories of many tasks on disk stores", .timeLimit(.minutes(10)))
struct HistoryTests {
    @Test(
        "one order explains all results of 16 tasks on a disk store", arguments: disks,
        HistoryCheck.Transactions.allCases)
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
