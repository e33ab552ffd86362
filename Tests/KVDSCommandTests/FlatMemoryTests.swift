#if Command
#if os(Linux)
import TestSupport
import Foundation
import Testing

/// The memory of a command is read from `/proc` while it runs: its own memory, without the pages of mapped files.
@Suite("The memory use of kvds", .serialized)
struct FlatMemoryTests {
    private static let valueLength = 100

    @Test("importing and scanning 1,000,000 entries takes no more memory than 100,000")
    func flat() throws {
        try KvdsProcess.inDirectory { directory in
            let small = try measure("lmdb:\(directory)/small", count: 100_000)
            let large = try measure("lmdb:\(directory)/large", count: 1_000_000)
            // The rows take 110 MB. The slack allows for batches and pages that the allocator keeps.
            let slack = 16 << 20
            #expect(large.imported < small.imported + slack, "import: \(small.imported), then \(large.imported) bytes")
            #expect(large.scanned < small.scanned + slack, "scan: \(small.scanned), then \(large.scanned) bytes")
        }
    }

    /// A list of columns or a tree of values would take at least 32 bytes for each separator.
    @Test(
        "a line of separators only is refused using little more memory than its length",
        arguments: [
            ("tsv", "", "\t", ""), ("csv", "key,value\n", ",", ""), ("csv", "", ",", ""),
            ("jsonl", "{\"x\":[0", ",[]", "]}"),
        ])
    func wideLine(_ format: String, _ start: String, _ separator: String, _ end: String) throws {
        try KvdsProcess.inDirectory { directory in
            let count = (4 << 20) / separator.utf8.count
            try Data((start + String(repeating: separator, count: count) + end).utf8)
                .write(to: URL(fileURLWithPath: "\(directory)/rows"))
            // With an arena for each thread the limit would be too small, and every allocation would call the system.
            let limits = "export MALLOC_ARENA_MAX=1; ulimit -v 180000"
            let script = "\(limits) && exec \"$0\" import \"$1\" --format \"$2\" --store memory:"
            let (code, error) = try KvdsProcess.run(
                ["-c", script, KvdsProcess.executable.path, "\(directory)/rows", format],
                program: URL(fileURLWithPath: "/bin/sh"))
            #expect(code == 2, "\(error.prefix(500))")
            #expect(error.contains("line ") && error.utf8.count < 1_000, "\(error.prefix(500))")
        }
    }

    /// With values of a megabyte, so that retained values are noticed quickly.
    @Test("importing and scanning 40 MB takes little more memory than 2 MB")
    func streams() throws {
        try KvdsProcess.inDirectory { directory in
            let value = String(repeating: "v", count: 1 << 20)
            func peaks(_ count: Int) throws -> (imported: Int, scanned: Int) {
                let store = "lmdb:\(directory)/\(count)"
                let imported = try peak(["import", "-", "--store", store]) { input, _, sample in
                    for index in 0..<count {
                        try input.write(contentsOf: Data("\(index)\t\(value)\n".utf8))
                        sample()
                    }
                    try input.close()
                }
                let scanned = try peak(["scan", "--store", store]) { input, output, sample in
                    try input.close()
                    while let data = try output.read(upToCount: 1 << 20), !data.isEmpty { sample() }
                }
                return (imported, scanned)
            }
            let (small, large) = (try peaks(2), try peaks(40))
            let slack = 16 << 20
            #expect(large.imported < small.imported + slack, "import: \(small.imported), then \(large.imported) bytes")
            #expect(large.scanned < small.scanned + slack, "scan: \(small.scanned), then \(large.scanned) bytes")
        }
    }

    private func measure(_ store: String, count: Int) throws -> (imported: Int, scanned: Int) {
        let imported = try peak(["import", "-", "--store", store]) { input, _, sample in
            let value = String(repeating: "v", count: Self.valueLength)
            for block in stride(from: 0, to: count, by: 10_000) {
                let rows = (block..<block + 10_000).map { "\(10_000_000 + $0)\t\(value)\n" }.joined()
                try input.write(contentsOf: Data(rows.utf8))
                sample()
            }
            try input.close()
        }
        let scanned = try peak(["scan", "--store", store]) { input, output, sample in
            try input.close()
            var length = 0
            while let data = try output.read(upToCount: 1 << 20), !data.isEmpty {
                length += data.count
                sample()
            }
            #expect(length == count * (Self.valueLength + 10))
        }
        return (imported, scanned)
    }

    /// Runs `kvds` while `body` writes its input and reads its output.
    ///
    /// - Returns: the most memory that was observed, in bytes.
    private func peak(
        _ arguments: [String], _ body: (_ input: FileHandle, _ output: FileHandle, _ sample: () -> Void) throws -> Void
    ) throws -> Int {
        // If the child fails early, an expectation must fail, not the test process.
        _ = signal(SIGPIPE, SIG_IGN)
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = KvdsProcess.executable
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let limit = ProcessLimit(of: process.processIdentifier, limit: .seconds(900))
        defer { limit.stop() }
        var most = 0
        try body(input.fileHandleForWriting, output.fileHandleForReading) {
            most = max(most, Self.anonymousMemory(of: process.processIdentifier) ?? 0)
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(most > 0)
        return most
    }

    private static func anonymousMemory(of process: Int32) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }),
            let kilobytes = line.split(separator: " ").dropLast().last.flatMap({ Int($0.trimmingPrefix("RssAnon:\t")) })
        else { return nil }
        return kilobytes << 10
    }
}
#endif
#endif
