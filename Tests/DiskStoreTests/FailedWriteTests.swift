import DiskTestSupport
import KVDS
import Testing

/// RocksDB as Debian builds it, with its assertions, ended the process with SIGABRT when a database was closed whose log had
/// not taken a write; and a failure of the system was told as a mistake of the caller.
@Suite("A store whose files take no more", .timeLimit(.minutes(5)))
struct FailedWriteTests {
    @Test("says so, is closed, and is as it was when it is opened again", arguments: DiskBackend.allCases)
    func limitedFiles(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            // No file becomes greater than a megabyte or half of one, whatever the shell counts in.
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
