#if Command
import KVDS
import KVDSFormats
import KVDSTesting
import Testing

@testable import KVDSCommand

@Suite("Row formats")
struct CodecTests {
    @Test("each row format reads back 100,000 random binary entries unchanged", arguments: RowFormat.allCases)
    func roundTrip(_ format: RowFormat) throws {
        var random = SplitMix64(seed: 42)
        let entries = (0..<100_000).map { _ in random.entry() }
        #expect(try read(Self.file(of: entries, format), format, chunk: 4_000) == entries)
    }

    @Test("a row file decodes the same wherever its chunks are cut", arguments: RowFormat.allCases)
    func chunks(_ format: RowFormat) throws {
        var random = SplitMix64(seed: 1)
        let entries = (0..<20).map { _ in random.entry() }
        let file = try Self.file(of: entries, format)
        for chunk in 1...40 { #expect(try read(file, format, chunk: chunk) == entries) }
    }

    @Test("row files written by other programs are read")
    func foreign() throws {
        let two = [Entry(key: "a", value: "1"), Entry(key: "b", value: "2")]
        #expect(try read("a\t1\r\nb\t2", .tsv) == two)
        #expect(try read("\\x61\t\\x31\nb\t2\n", .tsv) == two)
        #expect(try read("\u{FEFF}key,value\r\na,1\r\n\"b\",\"2\"\r\n", .csv) == two)
        #expect(try read("1,x,a\n2,,b\n", .csv, key: "3", value: "1", hasHeader: false) == two)
        #expect(try read("n,id\n1,a\n2,b\n", .csv, key: "id", value: "1") == two)
        #expect(
            try read(
                "\u{FEFF}{\"value\":\"1\",\"key\":\"a\"}\r\n\n {\"x\":[{},-1.5e+3,null],\"key\" : \"\\u0062\",\"value\":\"2\"}",
                .jsonl) == two)
        #expect(
            try read("{\"key\":\"\\ud83d\\ude42\",\"value_base64\":\"AP8=\"}", .jsonl) == [
                Entry(key: "🙂", value: [0, 0xFF])
            ])
    }

    @Test(
        "a malformed row throws an error with its line number",
        arguments: [
            (RowFormat.tsv, "a\t1\nb\n", 2), (.tsv, "a\t1\n\nb\t2\n", 2), (.tsv, "a\t1\tx\n", 1),
            (.tsv, "a\t1\nb\t\\", 2),
            (.tsv, "a\t\\q\n", 1), (.tsv, "a\t\\x4\n", 1), (.tsv, "a\t\\xg0\n", 1),
            (.csv, "key\n", 1), (.csv, "key,value\na\n", 2), (.csv, "key,value\na,1,2\n", 2),
            (.csv, "key,value\n\"a\n\n\",1\nb,\"2\nc,3\n", 5), (.csv, "key,value\na,b\"c\nd,1\n", 2),
            (.csv, "key,value\n\"a\"b,c\n", 2),
            (.csv, "key,value\n\n", 2), (.csv, "key,value\n\"", 2),
            (.jsonl, "[]\n", 1), (.jsonl, "\n\n{}\n", 3), (.jsonl, "{\"key\":\"a\"}\n", 1),
            (.jsonl, "{\"key\":\"a\",\"value\":1}\n", 1),
            (.jsonl, "{\"key\":\"a\",\"value\":null}\n", 1), (.jsonl, "{\"key\":\"a\",\"value\":\"1\"} x\n", 1),
            (.jsonl, "{\"key\":\"a\",\"value\":\"\\ud800\"}\n", 1),
            (.jsonl, "{\"key\":\"a\",\"value_base64\":\"A\"}\n", 1),
            (.jsonl, "{\"key\":\"a\",\"value_base64\":\"A===\"}\n", 1),
            (.jsonl, "{\"key\":\"a\",\"value\":\"1\",\"value_base64\":\"\"}\n", 1),
            (.jsonl, "{\"key\":\"a\",\"value\":\"1\" \"x\":2}\n", 1), (.jsonl, "{\"key\":\"a\",\"value\":\"1\n", 1),
            (.jsonl, "{\"key\":\"a\u{1}\",\"value\":\"1\"}\n", 1),
        ])
    func badRow(_ format: RowFormat, _ text: String, _ line: Int) {
        let error = #expect(throws: RowError.self) { try read(text, format) }
        #expect(error?.line == line)
        #expect(error?.message.contains("\n") == false)
    }

    @Test("the error for a malformed JSON line names the field")
    func jsonMessages() throws {
        func message(_ text: String) throws -> String {
            try #require(#expect(throws: RowError.self) { try read(text, .jsonl) }).message
        }
        #expect(try message("[1]").hasPrefix("no JSON object; each line is one object"))
        #expect(try message("7").hasPrefix("no JSON object; each line is one object"))
        #expect(try message("{").hasPrefix("not valid JSON; each line is one object"))
        #expect(try message("{\"key\":\"a\"}") == "there is no field value or value_base64")
        #expect(try message("{\"key\":\"a\",\"value\":[]}") == "the field value is not a string")
        #expect(try message("{\"key\":\"a\",\"value\":null}") == "the field value is not a string")
        #expect(try message("{\"key\":\"a\",\"value_base64\":1}") == "the field value_base64 is not a string")
        #expect(try message("{\"key\":\"a\",\"value_base64\":\"?\"}") == "the field value_base64 is not Base64")
    }

    @Test("a JSON line with a duplicate field uses one of them, and unknown fields are ignored")
    func jsonFields() throws {
        let entries = try read("{\"key\":\"a\",\"key\":\"b\",\"value\":\"1\",\"x\":{\"key\":[]}}", .jsonl)
        #expect(entries.map(\.value) == ["1"])
        #expect(entries.first?.key == "a" || entries.first?.key == "b")
    }

    @Test("endlessly nested JSON throws an error instead of overflowing the stack")
    func nested() {
        let error = #expect(throws: RowError.self) {
            try read("{\"x\":" + String(repeating: "[", count: 100_000), .jsonl)
        }
        #expect(error?.line == 1)
    }

    @Test("a row decoder refuses columns that its format cannot have")
    func badColumns() {
        #expect(throws: BadRow.self) { try RowDecoder(.tsv, key: "id") }
        #expect(throws: BadRow.self) { try RowDecoder(.tsv, key: "0") }
        #expect(throws: BadRow.self) { try RowDecoder(.tsv, value: "-1") }
        #expect(throws: BadRow.self) { try RowDecoder(.csv, key: "id", hasHeader: false) }
        #expect(throws: RowError.self) { try read("a,b\n", .csv, key: "9223372036854775807", value: "1") }
        #expect(throws: RowError.self) { try read("a\tb\n", .tsv, key: "9223372036854775807") }
    }

    @Test(
        "the error for a malformed row does not contain its text",
        arguments: [
            (RowFormat.csv, "secret,secret\nsecret,secret\n"), (.csv, "key,value\nsecret\n"),
            (.csv, "key,value\n\"secret\"secret,1\n"), (.csv, "key,value\n\"secret\n"), (.tsv, "secret\n"),
            (.tsv, "secret\tsecret\tsecret\n"), (.tsv, "secret\\q\tsecret\n"), (.jsonl, "[\"secret\"]\n"),
            (.jsonl, "{\"key\":\"secret\",\"value\":{\"secret\":1}}\n"), (.jsonl, "{\"key\":\"secret\n"),
        ])
    func silent(_ format: RowFormat, _ file: String) throws {
        let error = #expect(throws: (any Error).self) { try read(file, format) }
        let text = try "\(#require(error))"
        #expect(!text.contains("secret"), "\(text)")
    }

    @Test("decoding a damaged file ends in entries or an error, never in a trap", arguments: RowFormat.allCases)
    func damaged(_ format: RowFormat) throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<3_000 {
            var file = try Self.file(of: (0..<3).map { _ in random.entry() }, format)
            for _ in 0..<Int(random.next() % 6) {
                let at = Int(random.next() % UInt64(file.count))
                switch random.next() % 3 {
                case 0: file[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: file.remove(at: at)
                default: file.insert(contentsOf: random.bytes(1...3), at: at)
                }
            }
            do throws(RowError) {
                _ = try read(file, format, chunk: 7)
            } catch {
                #expect(error.line > 0)
            }
        }
    }

    @Test("a file extension selects the row format")
    func extensions() {
        #expect(RowFormat(path: "a/b.CSV") == .csv)
        #expect(RowFormat(path: "b.tar.jsonl") == .jsonl)
        #expect(RowFormat(path: "x.csv/b") == .tsv)
        #expect(RowFormat(path: "csv") == .tsv)
        #expect(RowFormat(path: "-") == .tsv)
    }

    private static func file(of entries: [Entry], _ format: RowFormat) throws -> [UInt8] {
        var file: [UInt8] = []
        let encoder = RowEncoder(style: .format(format))
        encoder.appendHeader(to: &file)
        for entry in entries { try encoder.append(entry, to: &file) }
        return file
    }

    private func read(
        _ text: String, _ format: RowFormat, key: String? = nil, value: String? = nil, hasHeader: Bool = true
    ) throws -> [Entry] {
        try read(Array(text.utf8), RowDecoder(format, key: key, value: value, hasHeader: hasHeader), format, chunk: 5)
    }

    private func read(_ file: [UInt8], _ format: RowFormat, chunk: Int) throws(RowError) -> [Entry] {
        let decoder: RowDecoder
        do { decoder = try RowDecoder(format) } catch { throw RowError(line: 0, message: error.message) }
        return try read(file, decoder, format, chunk: chunk)
    }

    private func read(_ file: [UInt8], _ decoder: RowDecoder, _ format: RowFormat, chunk: Int) throws(RowError)
        -> [Entry]
    {
        var decoder = decoder
        var splitter = RecordSplitter(format)
        var entries: [Entry] = []
        for start in stride(from: 0, to: file.count, by: chunk) {
            splitter.append(file[start..<min(start + chunk, file.count)])
            while let record = try splitter.next() {
                if let entry = try decoder.entry(of: record) { entries.append(entry) }
            }
        }
        if let record = splitter.finish(), let entry = try decoder.entry(of: record) { entries.append(entry) }
        return entries
    }
}
#endif
