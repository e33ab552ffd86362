#if Command
import Foundation
import Testing

/// Half a megabyte: several pages of a scan, blocks of output, chunks of input and batches of an import.
@Suite("Commands over more than one page", .serialized, .timeLimit(.minutes(5)))
struct PagesTests {
    private static let lines = (0..<3_000).map { index in
        "key\(10_000 + index)\t\(String(repeating: "\(index % 10)", count: 150))\n"
    }

    @Test(
        "import, scan, export and count process several pages up to the last entry", arguments: CommandLineTests.schemes
    )
    func lastEntry(_ scheme: String) throws {
        try KvdsProcess.inDirectory { directory in
            let store = "\(scheme):\(directory)/store"
            let text = Self.lines.joined()
            let file = "\(directory)/out.tsv"
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/in.tsv"))
            let imported = try KvdsProcess.finish("import", "\(directory)/in.tsv", "--store", store)
            #expect(imported.code == 0 && imported.error.hasPrefix("imported 3000 entries"), "\(imported.summary)")

            let scan = try KvdsProcess.finish("scan", "--store", store)
            expectSame("scan", scan, text)
            let reverse = try KvdsProcess.finish("scan", "--reverse", "--store", store)
            expectSame("reverse", reverse, Self.lines.reversed().joined())
            let printed = try KvdsProcess.finish("export", "--store", store)
            expectSame("printed", printed, text)
            let exported = try KvdsProcess.finish("export", file, "--store", store)
            #expect(exported.code == 0 && exported.error.hasPrefix("exported 3000 entries to"), "\(exported.summary)")
            let isSame = try Data(contentsOf: URL(fileURLWithPath: file)) == Data(text.utf8)
            #expect(isSame, "the file that was exported")

            let stats = try KvdsProcess.finish("stats", "--store", store)
            #expect(stats.text.contains("\nentries: 3000\n"), "\(stats.text)")
            let verify = try KvdsProcess.finish("verify", "--store", store)
            #expect(verify.text == "sound: 3000 entries\n", "\(verify.summary)")
            let backup = try KvdsProcess.finish("backup", "\(directory)/copy", "--store", store)
            #expect(backup.code == 0 && backup.error.hasPrefix("copied to"), "\(backup.summary)")
            let copy = try KvdsProcess.finish("scan", "--store", "\(scheme):\(directory)/copy")
            expectSame("copy", copy, text)
        }
    }

    @Test("a value of 300 KB is set from standard input and printed unchanged")
    func largeValue() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            let value = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
            let file = URL(fileURLWithPath: "\(directory)/value")
            try value.write(to: file)
            let input = try FileHandle(forReadingFrom: file)
            let set = try KvdsProcess.finish("set", "a", "-", "--store", store, input: input)
            #expect(set.code == 0, "\(set.summary)")
            let get = try KvdsProcess.finish("get", "a", "--store", store)
            let isSame = get.output == value + Data("\n".utf8)
            #expect(isSame, "\(get.summary)")
        }
    }

    @Test("kvds bench scans all of its entries and deletes them", arguments: CommandLineTests.schemes)
    func bench(_ scheme: String) throws {
        try KvdsProcess.inDirectory { directory in
            let store = "\(scheme):\(directory)/store"
            let bench = try KvdsProcess.finish("bench", "--count", "20", "--value-size", "30000", "--store", store)
            let rows = bench.text.split(separator: "\n").map { row in
                row.split(separator: " ").prefix(2).joined(separator: " ")
            }
            #expect(rows == ["operation count", "set 20", "get 20", "scan 20"], "\(bench.summary)")
            let scan = try KvdsProcess.finish("scan", "--store", store)
            #expect(scan.code == 0 && scan.text.isEmpty, "\(scan.summary)")
        }
    }

    /// The texts are half a megabyte, too long for a failure message.
    private func expectSame(_ name: String, _ ending: RunningProcess.Ending, _ text: String) {
        let isSame = ending.code == 0 && ending.text == text
        #expect(isSame, "\(name): \(ending.summary)")
    }
}
#endif
