#if Command
import Foundation
import Testing

@Suite("kvds import", .timeLimit(.minutes(5)))
struct ImportTests {
    @Test("kvds import reads a last row without a line end, and with --no-header the first row")
    func edges() throws {
        try KvdsProcess.inDirectory { directory in
            let lines = try imported("a\t1\nb\t2", as: "rows.tsv", in: directory)
            #expect(lines.code == 0 && lines.error.hasPrefix("imported 2 entries"), "\(lines.summary)")
            let rows = try imported("c,3\nd,4", as: "rows.csv", ["--no-header"], in: directory)
            #expect(rows.code == 0 && rows.error.hasPrefix("imported 2 entries"), "\(rows.summary)")
            let scan = try KvdsProcess.finish("scan", "--store", "lmdb:\(directory)/store")
            #expect(scan.text == "a\t1\nb\t2\nc\t3\nd\t4\n")
        }
    }

    @Test("a batch of kvds import ends after 1,000 rows or after a megabyte")
    func batches() throws {
        try KvdsProcess.inDirectory { directory in
            let many = (0..<1_100).map { "key\($0)\t1\n" }.joined()
            let rows = try imported("\(many)bad\n", as: "many.tsv", in: directory)
            #expect(rows.code == 2)
            #expect(rows.error.contains("many.tsv, line 1101: "), "\(rows.error)")
            #expect(rows.error.contains("; 1000 entries before it were written"), "\(rows.error)")

            let large = (0..<3).map { "large\($0)\t\(String(repeating: "v", count: 600_000))\n" }.joined()
            let megabytes = try imported("\(large)bad\n", as: "large.tsv", in: directory)
            #expect(megabytes.code == 2)
            #expect(megabytes.error.contains("large.tsv, line 4: "), "\(megabytes.error)")
            #expect(megabytes.error.contains("; 2 entries before it were written"), "\(megabytes.error)")
        }
    }

    @Test("kvds import names the line of a row that the store refuses")
    func limits() throws {
        try KvdsProcess.inDirectory { directory in
            let key = String(repeating: "k", count: 600)
            let ending = try imported("a\t1\n\(key)\t2\nc\t3\n", as: "rows.tsv", in: directory)
            #expect(ending.code == 2)
            let message = "rows.tsv, line 2: A key has 1 to 511 bytes; this one has 600; 0 entries before it"
            #expect(ending.error.contains(message), "\(ending.error)")
        }
    }

    @Test("no kvds error contains a key or a value")
    func silence() throws {
        try KvdsProcess.inDirectory { directory in
            let long = String(repeating: "SECRET", count: 100)
            let files = [
                ("a.tsv", "SECRET\n"), ("b.tsv", "SECRET\\q\tSECRET\n"), ("c.tsv", "SECRET\\x4\tSECRET\n"),
                ("d.tsv", "\(long)\tSECRET\n"), ("e.csv", "SECRET,SECRET\n"), ("f.csv", "key,value\nSECRET\n"),
                ("g.csv", "key,value\n\"SECRET\"SECRET,1\n"), ("h.jsonl", "{\"SECRET\n"),
                ("i.jsonl", "{\"key\":\"SECRET\",\"value\":{\"SECRET\":1}}\n"),
            ]
            for (name, text) in files {
                expectSilence(name, try imported(text, as: name, in: directory))
            }
            let store = "lmdb:\(directory)/store"
            expectSilence("set", try KvdsProcess.finish("set", long, "SECRET", "--store", store))
            expectSilence("get", try KvdsProcess.finish("get", long, "--store", store))
            expectSilence("cas", try KvdsProcess.finish("cas", long, "SECRET", "SECRET", "--store", store))
        }
    }

    private func expectSilence(_ name: String, _ ending: RunningProcess.Ending) {
        #expect(ending.code == 2, "\(name): \(ending.summary)")
        #expect(!ending.error.contains("SECRET"), "\(name): \(ending.error)")
        #expect(ending.error.split(separator: "\n").count == 1, "\(name): \(ending.error)")
    }

    /// Imports `text` from a file with this name into a store in the directory.
    private func imported(
        _ text: String, as name: String, _ options: [String] = [], in directory: String
    ) throws -> RunningProcess.Ending {
        let file = "\(directory)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return try RunningProcess(["import", file, "--store", "lmdb:\(directory)/store"] + options).end()
    }
}
#endif
