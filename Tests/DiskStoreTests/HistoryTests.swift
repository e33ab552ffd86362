import DiskTestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("What many tasks see of a store on disk", .timeLimit(.minutes(10)))
struct HistoryTests {
    @Test("one order explains it", arguments: DiskBackend.allCases)
    func history(_ backend: DiskBackend) async throws {
        let check = HistoryCheck(operations: takesLong ? 100_000 : 3_000)
        print("seed of the history on \(backend): \(check.seed)")
        try await withTemporaryDirectory { path in
            let store = try await backend.open(path, durability: .buffered)
            try await check.run(on: store)
            try await store.close()
        }
    }
}
