import KVDSTesting
import TestSupport
import Testing

/// A process could end with SIGABRT, "pthread lock: Invalid argument", when it returned from `main` or called `exit`
/// while a RocksDB store was being closed. The exit destroys global state of RocksDB.
@Suite("Process exit while stores are in use", .serialized, .timeLimit(.minutes(5)))
struct ExitTests {
    @Test("a process that exits while its store is in use ends with the status it chose", arguments: disks)
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
