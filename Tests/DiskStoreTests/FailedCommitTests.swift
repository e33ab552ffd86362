import TestSupport
import KVDS
import Testing

@Suite("A commit whose system calls fail", .serialized, .timeLimit(.minutes(5)))
struct FailedCommitTests {
    @Test(
        "a failed LMDB commit changes nothing, or is .outcomeUnknown if its meta page failed",
        .enabled(if: Tool.canTrace))
    func metaPage() async throws {
        try await withPreparedStore { path in
            var codes: Set<String> = []
            // First the sync before the meta page fails, after the sync of earlier commits. Then each write fails,
            // until there are no more.
            let faults = ["fdatasync:error=EIO:when=2"] + (1...20).map { "pwrite64:error=EIO:when=\($0)" }
            for (call, fault) in faults.enumerated() {
                let worker = try await start(path, "durable", fault)
                let before = try await worker.ask("get a", within: .seconds(60))
                let answer = try await worker.ask("set a \(call)", within: .seconds(60))
                if answer.hasPrefix("revision") { break }
                let code = String(answer.prefix { $0 != "," })
                codes.insert(code)
                if code == "ioFailure" {
                    #expect(try await worker.ask("get a", within: .seconds(60)) == before)
                    #expect(try await worker.ask("set b \(call)", within: .seconds(60)).hasPrefix("revision"))
                } else {
                    #expect(try await worker.ask("set b 1", within: .seconds(60)).hasPrefix("writesRefused"))
                    // LMDB itself refuses to read.
                    #expect(try await worker.ask("get a", within: .seconds(60)).hasPrefix("ioFailure, reopen:"))
                }
                try await worker.quit()
            }
            #expect(codes == ["ioFailure", "outcomeUnknown"])
            let store = try await DiskBackend.lmdb.open(path)
            #expect(try await store.get("kept") == "1")
            try await store.close()
        }
    }

    /// The sync of a durable commit may also be the one that makes buffered commits durable. The system may forget data
    /// that a sync could not write, so a failed sync is not retried.
    @Test(
        "a failed LMDB sync leaves the outcome of the buffered commits before it unknown",
        .enabled(if: Tool.canTrace))
    func earlierCommits() async throws {
        try await withPreparedStore { path in
            let buffered = try await start(path, "buffered", "fdatasync:error=EIO")
            #expect(try await buffered.ask("set a 1", within: .seconds(60)).hasPrefix("revision"))
            #expect(try await buffered.ask("set b 1 durable", within: .seconds(60)).hasPrefix("outcomeUnknown"))
            #expect(try await buffered.ask("set c 1", within: .seconds(60)).hasPrefix("writesRefused"))
            #expect(try await buffered.ask("get a", within: .seconds(60)) == "value 1")
            try await buffered.quit()
        }
    }

    /// A store does not know how commits were made before it was opened, nor how another process makes its commits.
    @Test(
        "a failed LMDB sync has an unknown outcome only if commits of others came before it",
        .enabled(if: Tool.canTrace))
    func commitsOfOthers() async throws {
        try await withPreparedStore { path in
            let first = try await start(path, "durable", "fdatasync:error=EIO:when=1")
            #expect(try await first.ask("set kept 2", within: .seconds(60)).hasPrefix("outcomeUnknown"))
            #expect(try await first.ask("get kept", within: .seconds(60)) == "value 1")
            try await first.quit()

            // After a durable commit of its own, which it knows, and then after a commit of another process.
            let second = try await start(path, "durable", "fdatasync:error=EIO:when=3+2")
            #expect(try await second.ask("set kept 2", within: .seconds(60)).hasPrefix("revision"))
            #expect(try await second.ask("set kept 3", within: .seconds(60)).hasPrefix("ioFailure"))
            #expect(try await second.ask("set kept 4", within: .seconds(60)).hasPrefix("revision"))
            let other = try WorkerProcess(.lmdb, path, ["buffered"])
            #expect(await other.nextLine(within: .seconds(60)) == "open")
            #expect(try await other.ask("set kept 5", within: .seconds(60)).hasPrefix("revision"))
            try await other.quit()
            #expect(try await second.ask("set kept 6", within: .seconds(60)).hasPrefix("outcomeUnknown"))
            #expect(try await second.ask("get kept", within: .seconds(60)) == "value 5")
            try await second.quit()
        }
    }

    @Test("a failed write to RocksDB's log has an unknown outcome, and later writes are refused")
    func log() async throws {
        try await withTemporaryDirectory { path in
            // No file can exceed one megabyte, or half of one, depending on the shell's unit.
            let shell = ["sh", "-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""]
            let worker = try WorkerProcess(.rocksdb, "\(path)/store", ["buffered"], under: shell)
            #expect(await worker.nextLine(within: .seconds(60)) == "open")
            #expect(try await worker.ask("set kept 1", within: .seconds(60)) == "revision 1")
            #expect(try await worker.ask("fill large 8", within: .seconds(60)).hasPrefix("outcomeUnknown"))
            #expect(try await worker.ask("set b 1", within: .seconds(60)).hasPrefix("writesRefused"))
            #expect(try await worker.ask("get kept", within: .seconds(60)) == "value 1")
            try await worker.quit()
        }
    }

    /// Calls `body` with the path of a new LMDB store. It has some free pages, so that a commit of a worker writes only
    /// what is necessary.
    private func withPreparedStore(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/store"
            let store = try await DiskBackend.lmdb.open(path)
            for _ in 0..<5 { try await store.set("kept", to: "1") }
            try await store.close()
            try await body(path)
        }
    }

    /// Starts a worker with an LMDB store, and waits until the store is open. Some of its system calls fail.
    private func start(_ path: String, _ durability: String, _ fault: String) async throws -> WorkerProcess {
        let calls = "trace=fdatasync,pwrite64"
        let strace = ["strace", "-f", "-o", "/dev/null", "-e", calls, "-e", "inject=\(fault)"]
        let worker = try WorkerProcess(.lmdb, path, [durability], under: strace)
        #expect(await worker.nextLine(within: .seconds(60)) == "open")
        return worker
    }
}
