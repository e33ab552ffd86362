import TestSupport
import Foundation
import KVDS
import Testing

@Suite("Durable commits", .serialized, .timeLimit(.minutes(5)))
struct SyncTests {
    @Test("256 concurrent durable commits share few syncs and are durable when they return", arguments: disks)
    func shareSyncs(_ backend: DiskBackend) async throws {
        try await backend.withStore { store, _ in
            let before = try await store.statistics().syncs
            try await withThrowingTaskGroup(of: CommitResult.self) { tasks in
                for task in 0..<256 { tasks.addTask { try await store.set(Bytes("key\(task)"), to: "1") } }
                for try await result in tasks {
                    guard case .committed(_, let durability) = result else {
                        throw ToolFailure(description: "\(result)")
                    }
                    #expect(durability == .durable)
                }
            }
            let syncs = try await store.statistics().syncs - before
            #expect(syncs >= 1 && syncs < 64, "\(syncs) syncs")
        }
    }

    @Test(
        "256 concurrent durable commits make few system calls that wait for the disk", .enabled(if: Tool.canTrace),
        arguments: disks)
    func traced(_ backend: DiskBackend) async throws {
        try await withTrace(backend) { worker in
            let syncs = try await Int(worker.ask("sets 256"))
            // Under strace the callers return slowly, so commit groups are smaller.
            #expect(syncs.map { $0 < 128 } == true)
        } check: { calls in
            let syncs = calls.count { $0.contains("fdatasync(") || $0.contains("fsync(") || $0.contains("msync(") }
            print("\(backend): \(syncs) syncs for 256 durable sets, of \(calls.count) calls that write or sync")
            #expect(syncs >= 1 && syncs < 128)
        }
    }

    @Test("each durable commit is synced before it returns", .enabled(if: Tool.canTrace), arguments: disks)
    func ordered(_ backend: DiskBackend) async throws {
        try await withTrace(backend) { worker in
            try worker.send("batches 12")
            while let line = await worker.nextLine(), line != "done" {}
        } check: { calls in
            // For an acknowledgement only the calls count that have ended since the previous one.
            var hasSynced = false
            var hasWrittenMeta = backend == .rocksdb
            var acknowledged = 0
            for call in calls {
                if call.contains("write(1, \"ack") {
                    #expect(hasSynced && hasWrittenMeta, "before \(call)")
                    acknowledged += 1
                    hasSynced = false
                    hasWrittenMeta = backend == .rocksdb
                } else if call.contains("fdatasync"), call.hasSuffix("= 0") {
                    hasSynced = true
                } else if hasSynced, call.contains("pwrite64"), call.contains(" = ") {
                    // A write of LMDB's meta page through a descriptor opened with O_DSYNC.
                    hasWrittenMeta = true
                }
            }
            #expect(acknowledged == 12)
        }
    }

    @Test("a task on the cooperative pool never waits for a sync", arguments: disks)
    func heartbeat(_ backend: DiskBackend) async throws {
        // If strace is available, every sync takes 300 ms, so that a blocked heartbeat cannot hide behind a fast disk.
        let delay = 300
        let inject = "inject=fdatasync,fsync:delay_enter=\(delay * 1_000)"
        let strace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", inject]
        try await withTemporaryDirectory { path in
            let worker = try WorkerProcess(backend, "\(path)/store", under: Tool.canTrace ? strace : [])
            #expect(await worker.nextLine() == "open")
            let numbers = try await worker.ask("beat").split(separator: " ").compactMap { Int($0) }
            try #require(numbers.count == 3)
            print(
                "\(backend): worst lag of a beat \(numbers[0]) ms idle, \(numbers[1]) ms in \(numbers[2]) ms of durable writes"
            )
            #expect(numbers[1] < delay * 2 / 3)
            // The writes did wait for syncs, at least for two that all of them shared.
            if Tool.canTrace { #expect(numbers[2] >= delay * 2) }
            try await worker.quit()
        }
    }

    /// Runs a worker under strace.
    ///
    /// - Parameter check: receives the calls made after the store was opened.
    private func withTrace(
        _ backend: DiskBackend, _ body: (WorkerProcess) async throws -> Void, check: ([String]) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { path in
            let trace = "trace=fdatasync,fsync,msync,pwrite64,write,openat"
            let worker = try WorkerProcess(
                backend, "\(path)/store", under: ["strace", "-f", "-o", "\(path)/trace", "-e", trace])
            #expect(await worker.nextLine() == "open")
            try await body(worker)
            try await worker.quit()
            let calls = try String(decoding: Data(contentsOf: URL(fileURLWithPath: "\(path)/trace")), as: UTF8.self)
                .split(separator: "\n").map(String.init)
            let start = try #require(calls.firstIndex { $0.contains("write(1, \"open") })
            try check(Array(calls[start...]))
        }
    }
}
