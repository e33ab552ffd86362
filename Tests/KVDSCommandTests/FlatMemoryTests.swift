#if os(Linux)
import DiskTestSupport
import Foundation
import Testing

/// What a command holds is read from `/proc` while it runs: its own memory, without the pages of files it has mapped.
@Suite("Memory", .serialized)
struct FlatMemoryTests {
    private static let valueLength = 100

    @Test("a million-entry import and scan take no more memory than those of a hundred thousand")
    func flat() throws {
        try KvdsProcess.inDirectory { directory in
            let small = try measure("lmdb:\(directory)/small", count: 100_000)
            let large = try measure("lmdb:\(directory)/large", count: 1_000_000)
            // The rows are 110 MB; what is allowed is what the allocator may keep of batches and pages.
            let slack = 16 << 20
            #expect(large.imported < small.imported + slack, "import: \(small.imported), then \(large.imported) bytes")
            #expect(large.scanned < small.scanned + slack, "scan: \(small.scanned), then \(large.scanned) bytes")
        }
    }

    /// A list of its columns, or a tree of its values, would take 32 bytes and more for each of its separators.
    @Test(
        "a line of nothing but separators is refused in little more memory than it takes itself",
        arguments: [
            ("tsv", "", "\t", ""), ("csv", "key,value\n", ",", ""), ("csv", "", ",", ""),
            ("jsonl", "{\"x\":[0", ",[]", "]}"),
        ])
    func wideLine(_ format: String, _ start: String, _ separator: String, _ end: String) throws {
        try KvdsProcess.inDirectory { directory in
            let count = (4 << 20) / separator.utf8.count
            try Data((start + String(repeating: separator, count: count) + end).utf8)
                .write(to: URL(fileURLWithPath: "\(directory)/rows"))
            // An arena for each thread would find no room, and every allocation ask the system.
            let limits = "export MALLOC_ARENA_MAX=1; ulimit -v 180000"
            let script = "\(limits) && exec \"$0\" import \"$1\" --format \"$2\" --store memory:"
            let (code, error) = try KvdsProcess.run(
                ["-c", script, KvdsProcess.executable.path, "\(directory)/rows", format],
                program: URL(fileURLWithPath: "/bin/sh"))
            #expect(code == 2, "\(error.prefix(500))")
            #expect(error.contains("line ") && error.utf8.count < 1_000, "\(error.prefix(500))")
        }
    }

    /// With values of a megabyte, so that it is soon seen what is kept of them.
    @Test("an import and a scan of 40 MB hold little more at a time than those of 2 MB")
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

    /// Runs `kvds` while `body` feeds and reads it.
    ///
    /// - Returns: the most memory it was seen to hold, in bytes.
    private func peak(
        _ arguments: [String], _ body: (_ input: FileHandle, _ output: FileHandle, _ sample: () -> Void) throws -> Void
    ) throws -> Int {
        // A child that fails early is a failed expectation, not the end of the tests.
        _ = signal(SIGPIPE, SIG_IGN)
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = KvdsProcess.executable
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let limit = ProcessLimit(of: process.processIdentifier)
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
