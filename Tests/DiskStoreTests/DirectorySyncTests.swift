import TestSupport
import Foundation
import Testing

/// A power failure removes a directory whose name was not synced, with all durable data in it. The process that made
/// the directory may have died before the sync.
@Suite("Syncing the directories of a store", .enabled(if: Tool.canTrace), .serialized, .timeLimit(.minutes(5)))
struct DirectorySyncTests {
    @Test(
        "opening syncs the names of the store's directory and of its parent, whoever made them",
        arguments: disks, ["above", "above/store", ""])
    func names(_ backend: DiskBackend, _ existing: String) async throws {
        try await withTemporaryDirectory { path in
            // Like a process that died immediately after making the directory.
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

    @Test("opening throws .ioFailure if the name of a directory cannot be synced")
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
