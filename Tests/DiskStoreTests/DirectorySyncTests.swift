import DiskTestSupport
import Foundation
import Testing

/// A power loss takes a directory whose name was not synced, with all that was made durable in it. Its maker may
/// have died before that.
@Suite("The names of a store's directory", .enabled(if: Tool.canTrace), .serialized, .timeLimit(.minutes(5)))
struct DirectorySyncTests {
    @Test(
        "the names of a store's directory and of the one above are synced, whoever has made them",
        arguments: DiskBackend.allCases, ["above", "above/store", ""])
    func names(_ backend: DiskBackend, _ existing: String) async throws {
        try await withTemporaryDirectory { path in
            // As somebody left it who died when it was made.
            try FileManager.default.createDirectory(
                atPath: "\(path)/place/\(existing)", withIntermediateDirectories: true)
            let store = "\(path)/place/above/store"
            let strace = ["strace", "-f", "-y", "-o", "\(path)/trace", "-e", "trace=fsync"]
            let worker = try WorkerProcess(backend, store, under: strace)
            #expect(await worker.nextLine() == "open")
            try await worker.quit()
            let trace = try String(decoding: Data(contentsOf: URL(fileURLWithPath: "\(path)/trace")), as: UTF8.self)
            let calls = trace.split(separator: "\n")
            #expect(calls.contains { $0.contains("/place/above>") }, "the name of the store's directory")
            #expect(calls.contains { $0.contains("/place>") }, "the name of the one above")
        }
    }

    @Test("a directory whose name cannot be synced is an error, and no store is opened")
    func failure() async throws {
        try await withTemporaryDirectory { path in
            let inject = "inject=fsync:error=EIO:when=1"
            let strace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", inject]
            let worker = try WorkerProcess(.lmdb, "\(path)/store", under: strace)
            let line = await worker.nextLine() ?? "nothing"
            #expect(line.hasPrefix("ioFailure"), "\(line)")
        }
    }
}
