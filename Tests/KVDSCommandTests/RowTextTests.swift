#if Command
import KVDS
import KVDSFormats
import Testing

/// The exact text that is written and read, and the errors for invalid rows.
@Suite("The text of rows", .timeLimit(.minutes(1)))
struct RowTextTests {
    @Test("each row format writes exactly the bytes that its documentation describes")
    func exactBytes() throws {
        let bytes = Entry(key: "a\tb\n\r\\\u{1}\u{1A}\u{7F}é", value: [0x61, 0xFF, 0x80])
        #expect(try written(.tsv, bytes) == #"a\tb\n\r\\\x01\x1a\x7fé"# + "\t" + #"a\xff\x80"# + "\n")

        let rows = [
            Entry(key: "plain!", value: "a b"), Entry(key: "x\"y", value: "a,b"), Entry(key: "é", value: "\u{7F}"),
            Entry(key: "k", value: ""),
        ]
        #expect(
            try written(.csv, rows) == "key,value\nplain!,\"a b\"\n\"x\"\"y\",\"a,b\"\n\"é\",\"\u{7F}\"\nk,\n")
        #expect(try written(.csv, rows[0], keysOnly: true) == "key\nplain!\n")

        let mixed = Entry(key: "a/b", value: [0xFF])
        #expect(try written(.jsonl, mixed) == #"{"key":"a/b","value_base64":"/w=="}"# + "\n")
        #expect(try written(.jsonl, mixed, keysOnly: true) == #"{"key":"a/b"}"# + "\n")
        var object: [UInt8] = []
        try JSONLinesCodec.append(["h": 1, "c": 2, "a": 3, "g": 4, "b": 5, "f": 6, "d": 7, "e": 8], to: &object)
        #expect(String(decoding: object, as: UTF8.self) == #"{"a":3,"b":5,"c":2,"d":7,"e":8,"f":6,"g":4,"h":1}"#)
    }

    @Test("every escape of tsv and of JSON is read, with digits of either case")
    func escapes() throws {
        #expect(
            try read(#"\x4A\x4a\xfF\t\n\r\\"# + "\t1\n", .tsv) == [
                Entry(key: [0x4A, 0x4A, 0xFF, 0x09, 0x0A, 0x0D, 0x5C], value: "1")
            ])
        let line = #"{"key":"\u004A\u004a\uD83D\uDE42","value":"\"\\\/\b\f\n\r\t\u00e9"}"#
        #expect(try read(line, .jsonl) == [Entry(key: "JJ🙂", value: "\"\\/\u{8}\u{C}\n\r\té")])
    }

    @Test("a quoted csv field may contain line breaks, commas and doubled quotes")
    func quotes() throws {
        let file = "key,value\na,1\n\"b\nc\",2\n\"d\"\"\n,e\",\"\"\"\"\n\"\",\"\"\n"
        #expect(
            try read(file, .csv) == [
                Entry(key: "a", value: "1"), Entry(key: "b\nc", value: "2"), Entry(key: "d\"\n,e", value: "\""),
                Entry(key: "", value: ""),
            ])
    }

    @Test("a byte order mark is removed from the first row only, and in tsv it belongs to the key")
    func byteOrderMark() throws {
        let (mark, line) = ("\u{FEFF}", #"{"key":"a","value":"1"}"#)
        let (marked, plain) = (Entry(key: "\u{FEFF}a", value: "1"), Entry(key: "a", value: "1"))
        #expect(try read("\(mark)key,value\na,1\n\(mark)a,1\n", .csv) == [plain, marked])
        #expect(try read("\(mark)a\t1\na\t1\n\(mark)a\t1\n", .tsv) == [marked, plain, marked])
        #expect(try read("\(mark)\(line)\n", .jsonl) == [plain])
        let error = #expect(throws: RowError.self) { try read("\(line)\n\(mark)\(line)\n", .jsonl) }
        #expect(error?.line == 2)
    }

    @Test("malformed JSON is refused, even in a field that is ignored")
    func notJSON() throws {
        func line(_ value: String) -> String { #"{"x":\#(value),"key":"a","value":"1"}"# }
        for value in ["1", "-0.5e-3", "1E+2", "[{}, [] ]", #"{"a":[true,null]}"#, #""\ud83d\ude42\/""#] {
            #expect(try read(line(value), .jsonl) == [Entry(key: "a", value: "1")], "\(value)")
        }
        for value in [
            "", "[1}", #"{"a":1]"#, "[1,]", "[1 2]", #"{"a"}"#, #"{"a":1,}"#, "tru", "nul", "01", "1.", ".5", "1e",
            "+1",
            "-", #""\x""#, #""\u12""#, #""\u12G4""#, #""\ud83d""#, #""\ud83d\ue000""#, #""\ude42""#, "\"\u{1F}\"",
        ] {
            #expect(throws: RowError.self, "\(value)") { try read(line(value), .jsonl) }
        }
        let bytes = Array(#"{"key":"a","value":""#.utf8) + [0xFF] + Array("\"}".utf8)
        #expect(throws: RowError(line: 1, message: "the line is not UTF-8")) { try read(bytes, .jsonl) }
    }

    @Test("JSON nested 512 levels deep is read, and deeper nesting is refused")
    func depth() throws {
        func line(_ depth: Int) -> String {
            let brackets = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return #"{"x":\#(brackets),"key":"a","value":"1"}"#
        }
        #expect(try read(line(512), .jsonl) == [Entry(key: "a", value: "1")])
        #expect(throws: RowError(line: 1, message: "the JSON is nested too deep")) { try read(line(513), .jsonl) }
    }

    @Test(
        "the error for a malformed row gives the reason and the line where the row begins",
        arguments: [
            (RowFormat.tsv, "a\t1\tx\n", 1, "the number of columns is 3 instead of 2; choose with --key and --value"),
            (.tsv, "a\t1\nb\t\\q\n", 2, "a backslash must begin \\t"),
            (.tsv, "a\t\\x4\n", 1, "\\x needs two hexadecimal digits"),
            (.csv, "key,value\na,1,2\n", 2, "the number of columns is 3 instead of 2"),
            (.csv, "key,value\n\"a\n\n\",1\nb,2\nc\n", 6, "the number of columns is 1 instead of 2"),
            (.csv, "key,value\na,b\"c\n", 2, "a quote in an unquoted field"),
            (.csv, "key,value\n\"a\"x1\n", 2, "text after a closing quote"),
            (.csv, "key,value\n\"a,1\n", 2, "the quotes that open here are never closed"),
            (.csv, "id,value\na,1\n", 1, "the header has no column key among its 2"),
            (.jsonl, "{\"key\":\"a\",\"value\":\"1\",\"value_base64\":\"\"}\n", 1, "there are both a field value and"),
        ])
    func message(_ format: RowFormat, _ text: String, _ line: Int, _ message: String) {
        let error = #expect(throws: RowError.self) { try read(text, format) }
        #expect(error?.line == line)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test("a missing column is named by its number, and .ndjson files are JSON lines")
    func names() throws {
        #expect(throws: RowError(line: 1, message: "column 3 is missing; the number of columns is 2")) {
            try read("a\tb\n", .tsv, key: "3")
        }
        #expect(RowFormat(path: "a.ndjson") == .jsonl)
    }

    private func written(_ format: RowFormat, _ entry: Entry, keysOnly: Bool = false) throws -> String {
        try written(format, [entry], keysOnly: keysOnly)
    }

    private func written(_ format: RowFormat, _ entries: [Entry], keysOnly: Bool = false) throws -> String {
        let encoder = RowEncoder(style: .format(format), keysOnly: keysOnly)
        var output: [UInt8] = []
        encoder.appendHeader(to: &output)
        for entry in entries { try encoder.append(entry, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    private func read(_ text: String, _ format: RowFormat, key: String? = nil) throws -> [Entry] {
        try read(Array(text.utf8), format, key: key)
    }

    private func read(_ file: [UInt8], _ format: RowFormat, key: String? = nil) throws -> [Entry] {
        var decoder = try RowDecoder(format, key: key)
        var splitter = RecordSplitter(format)
        var entries: [Entry] = []
        splitter.append(file[...])
        while let record = try splitter.next() {
            if let entry = try decoder.entry(of: record) { entries.append(entry) }
        }
        if let record = splitter.finish(), let entry = try decoder.entry(of: record) { entries.append(entry) }
        return entries
    }
}
#endif
