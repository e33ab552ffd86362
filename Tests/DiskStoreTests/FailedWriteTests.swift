import TestSupport
import KVDS
import Testing

/// Debian's build of RocksDB, which has assertions, ended the process with SIGABRT when a database was closed after a
/// failed write to its log. In addition, a failure of the system was reported as a mistake of the caller.
@Suite("A store whose files cannot grow", .timeLimit(.minutes(5)))
struct FailedWriteTests {
    @Test("a write to files that cannot grow throws, and the store is intact when reopened", arguments: disks)
    func limitedFiles(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            // No file can exceed one megabyte, or half of one, depending on the shell's unit.
            let shell = ["sh", "-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""]
            let worker = try WorkerProcess(backend, "\(path)/store", ["buffered"], under: shell)
            #expect(await worker.nextLine() == "open")
            _ = try await worker.ask("set kept 1")
            let answer = try await worker.ask("fill large 8")
            let codes = ["ioFailure", "diskFull", "outcomeUnknown"]
            #expect(codes.contains { answer.hasPrefix($0) }, "\(answer)")
            #expect(try await worker.ask("get kept") == "value 1")
            try await worker.quit()
            #expect(await worker.status() == 0)

            let store = try await backend.open("\(path)/store")
            #expect(try await store.get("kept") == "1")
            try await store.set("kept", to: "2")
            try await store.close()
        }
    }
}
