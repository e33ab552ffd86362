#if Command
import Foundation
import KVDS
import Testing

@testable import KVDSCommand

@Suite("The command line", .serialized, .timeLimit(.minutes(5)))
struct CommandLineTests {
    static let schemes = CommandBackends.all.filter(\.isPersistent).map(\.name)

    @Test("every kvds verb behaves and exits as documented", arguments: schemes)
    func everyVerb(_ scheme: String) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("command.sh")
        try KvdsProcess.inDirectory { directory in
            let report = URL(fileURLWithPath: directory + "/report")
            try Data().write(to: report)
            let output = try FileHandle(forWritingTo: report)
            let (code, error) = try KvdsProcess.run(
                [script.path, KvdsProcess.executable.path, scheme], program: URL(fileURLWithPath: "/bin/sh"),
                output: output)
            let lines = try String(contentsOf: report, encoding: .utf8)
            #expect(code == 0, "\(lines)\(error)")
        }
    }

    /// LMDB trusts the lengths in a page. Wrong lengths make it read beyond its map.
    @Test("kvds verify reports a corrupt LMDB file that crashes its reader in one line")
    func crash() throws {
        try KvdsProcess.inDirectory { directory in
            let rows = (10_000..<30_000).map { "key\($0)\tvalue\n" }.joined()
            try rows.write(toFile: directory + "/rows.tsv", atomically: false, encoding: .utf8)
            try KvdsProcess.succeed("import", directory + "/rows.tsv", "--store", "lmdb:\(directory)/store")
            try Self.damageLengths(of: URL(fileURLWithPath: directory + "/store/data.mdb"))

            let (code, error) = try KvdsProcess.run(["verify", "--store", "lmdb:\(directory)/store"])
            #expect(code == 2)
            #expect(
                error.contains("corrupt") && error.contains("signal") && error.contains("restore a backup"), "\(error)")
            #expect(error.split(separator: "\n").count == 1)
        }
    }

    /// Gives the first five values of every leaf page a length of 2 GB.
    private static func damageLengths(of file: URL) throws {
        var bytes = [UInt8](try Data(contentsOf: file))
        let pageSize = 4096
        func number(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
        for page in stride(from: 2 * pageSize, to: bytes.count - pageSize + 1, by: pageSize) {
            // The header: page number (8 bytes), padding, flags (2 is a leaf), the end of the pointers.
            guard number(page) | number(page + 2) << 16 == page / pageSize, number(page + 10) == 2,
                number(page + 12) > 100
            else { continue }
            for pointer in 0..<5 {
                let node = page + number(page + 16 + 2 * pointer)
                bytes.replaceSubrange(node..<node + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
            }
        }
        try Data(bytes).write(to: file)
    }
}
#endif
