#if Command
import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

/// More output than fits into a pipe.
@Suite("Standard output as a pipe", .serialized, .timeLimit(.minutes(5)))
struct PipeTests {
    private static let lines = (0..<5_000).map { "key \(10_000 + $0)\t\(String(repeating: "v", count: 100))\n" }

    @Test(
        "a command whose reader closes the pipe ends early without an error",
        arguments: [["scan"], ["scan", "--format", "jsonl"], ["export"]])
    func broken(_ verb: [String]) async throws {
        try await withTemporaryDirectory { path in
            let store = try await makeStore(path)
            let process = try RunningProcess(verb + ["--store", store])
            #expect(!process.nextOutput().isEmpty)
            try process.closeOutput()
            let ending = try process.end()
            #expect(ending.code == 0 && ending.error.isEmpty, "\(ending.summary)")
        }
    }

    #if os(Linux)
    @Test("a scan is written whole to a full pipe that does not block")
    func nonblocking() async throws {
        try await withTemporaryDirectory { path in
            let store = try await makeStore(path)
            let output = Pipe()
            let end = output.fileHandleForWriting.fileDescriptor
            // F_SETPIPE_SZ: the smallest size, so that no write is accepted completely.
            _ = fcntl(end, 1031, 4096)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            let ending = try RunningProcess(["scan", "--store", store], output: output).end()
            let isWhole = ending.text == Self.lines.joined()
            #expect(ending.code == 0 && isWhole, "\(ending.summary)")
        }
    }
    #endif

    private func makeStore(_ path: String) async throws -> String {
        let store = try await DiskBackend.lmdb.open("\(path)/store", durability: .buffered)
        let value = Bytes(repeating: UInt8(ascii: "v"), count: 100)
        try await store.write { batch in
            for index in 0..<5_000 { batch.set(Bytes("key \(10_000 + index)"), to: value) }
        }
        try await store.close()
        return "lmdb:\(path)/store"
    }
}
#endif
