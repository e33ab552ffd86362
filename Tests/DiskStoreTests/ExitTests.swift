import DiskTestSupport
import Testing

/// A process could end with SIGABRT, "pthread lock: Invalid argument", when it returned from `main` or called `exit` while a
/// RocksDB store was being closed: the exit destroys what RocksDB keeps for all databases.
@Suite("A process that ends while stores are at work", .serialized, .timeLimit(.minutes(5)))
struct ExitTests {
    @Test("ends as it was told to", arguments: DiskBackend.allCases)
    func exits(_ backend: DiskBackend) async throws {
        for _ in 0..<(takesLong ? 40 : 10) {
            try await withTemporaryDirectory { path in
                let worker = try WorkerProcess(backend, "\(path)/store", ["buffered"])
                try worker.send("exit")
                #expect(await worker.status() == 0)
            }
        }
    }
}
