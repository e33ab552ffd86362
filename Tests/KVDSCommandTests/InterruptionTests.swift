#if Command
import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

/// `kvds` is paused at an event, receives the signal, and continues, so that the signal arrives in the middle of its
/// work.
@Suite("Commands that are interrupted", .serialized, .timeLimit(.minutes(5)))
struct InterruptionTests {
    @Test("an interrupted export leaves no file and ends by the signal", arguments: [SIGINT, SIGTERM])
    func export(_ number: Int32) async throws {
        try await withTemporaryDirectory { path in
            try await fill("\(path)/store")
            let file = "\(path)/out.jsonl"
            let arguments = ["export", file, "--store", "lmdb:\(path)/store"]
            var isCutShort = false
            // A command that ended before it was paused proves nothing.
            for _ in 0..<5 where !isCutShort {
                let ending = try interrupt(arguments, once: "\(file).partial", by: number)
                #expect(ending.signal == number || ending.code == 0, "\(ending.summary)")
                #expect(!names(at: path).contains("out.jsonl.partial"))
                isCutShort = !names(at: path).contains("out.jsonl")
                try? FileManager.default.removeItem(atPath: file)
            }
            #expect(isCutShort, "each went on to its end")
        }
    }

    @Test("an interrupted backup leaves no copy and ends by the signal")
    func backup() async throws {
        try await withTemporaryDirectory { path in
            try await fill("\(path)/store")
            let arguments = ["backup", "\(path)/copy", "--store", "lmdb:\(path)/store"]
            var isCutShort = false
            for _ in 0..<5 where !isCutShort {
                let ending = try interrupt(arguments, once: "\(path)/copy", by: SIGTERM)
                #expect(ending.signal == SIGTERM || ending.code == 0, "\(ending.summary)")
                isCutShort = !names(at: path).contains("copy")
                try? FileManager.default.removeItem(atPath: "\(path)/copy")
            }
            #expect(isCutShort, "each has left something")
        }
    }

    @Test("an interrupted bench deletes its entries and ends by the signal")
    func bench() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            func entries() throws -> String {
                try KvdsProcess.finish("scan", "--keys-only", "--limit", "1", "--store", store).text
            }
            let bench = try RunningProcess(["bench", "--count", "100000000", "--tasks", "4", "--store", store])
            while bench.isRunning, try entries().isEmpty {}
            bench.send(SIGTERM)
            let ending = try bench.end()
            #expect(ending.signal == SIGTERM, "\(ending.summary)")
            #expect(try entries().isEmpty)
        }
    }

    /// Enough entries that no command finishes immediately.
    private func fill(_ path: String) async throws {
        let store = try await DiskBackend.lmdb.open(path, durability: .buffered)
        let value = Bytes(repeating: UInt8(ascii: "v"), count: 100)
        try await store.write { batch in
            for index in 0..<60_000 { batch.set(Bytes("key \(100_000 + index)"), to: value) }
        }
        try await store.close()
    }

    /// Starts `kvds`, and sends the signal as soon as something exists at `path`.
    private func interrupt(
        _ arguments: [String], once path: String, by number: Int32
    ) throws -> RunningProcess.Ending {
        let process = try RunningProcess(arguments)
        while process.isRunning, !FileManager.default.fileExists(atPath: path) { usleep(100) }
        process.pause()
        // Longer than the interval at which it polls for signals, so it will poll immediately.
        usleep(100_000)
        process.send(number)
        process.send(SIGCONT)
        return try process.end()
    }
}
#endif
