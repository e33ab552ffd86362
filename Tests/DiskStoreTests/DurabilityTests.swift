import TestSupport
import Foundation
import KVDS
import Testing

@Suite("The durability of commits", .serialized, .timeLimit(.minutes(5)))
struct DurabilityTests {
    @Test("a commit reports exactly the durability it has", arguments: disks)
    func reported(_ backend: DiskBackend) async throws {
        try await backend.withStore { store, _ in
            let asked: [Durability] = [.durable, .buffered, .buffered, .durable]
            for (index, durability) in asked.enumerated() {
                let result = try await store.write(durability: durability) { $0.set("a", to: Bytes("\(index)")) }
                #expect(result == .committed(revision: Revision(rawValue: UInt64(index) + 1), durability: durability))
            }
        }
    }

    @Test("buffered commits do not wait for the disk", .enabled(if: Tool.canTrace), arguments: disks)
    func buffered(_ backend: DiskBackend) async throws {
        let calls = try await trace(backend) { worker in
            try worker.send("batches 12")
            while let line = await worker.nextLine(within: .seconds(60)), line != "done" {}
        }
        let start = try #require(calls.firstIndex { $0.contains("\"ack 1\\n") })
        let end = try #require(calls.firstIndex { $0.contains("\"done") })
        #expect(calls[start..<end].filter(isSync) == [])
    }

    @Test("closing a RocksDB store syncs its buffered commits", .enabled(if: Tool.canTrace))
    func closing() async throws {
        let calls = try await trace(.rocksdb) { worker in
            let answer = try await worker.ask("set a 1", within: .seconds(60))
            #expect(answer == "revision 1")
        }
        let answered = try #require(calls.firstIndex { $0.contains("\"revision 1") })
        #expect(calls[answered...].contains(where: isSync))
    }

    private func isSync(_ call: Substring) -> Bool {
        ["fdatasync(", "fsync(", "msync(", "sync_file_range("].contains { call.contains($0) }
    }

    /// Runs a worker with a buffered store under strace.
    ///
    /// - Returns: the system calls that write and sync.
    private func trace(
        _ backend: DiskBackend, _ body: (WorkerProcess) async throws -> Void
    ) async throws -> [Substring] {
        try await withTemporaryDirectory { path in
            let calls = "trace=fdatasync,fsync,msync,sync_file_range,write"
            let worker = try WorkerProcess(
                backend, "\(path)/store", ["buffered"], under: ["strace", "-f", "-o", "\(path)/trace", "-e", calls])
            #expect(await worker.nextLine(within: .seconds(60)) == "open")
            try await body(worker)
            try await worker.quit()
            let text = try String(decoding: Data(contentsOf: URL(fileURLWithPath: "\(path)/trace")), as: UTF8.self)
            return text.split(separator: "\n")
        }
    }
}
