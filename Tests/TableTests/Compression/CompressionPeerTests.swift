import Foundation
import KVDS
import KVDSCompression
import KVDSRecords
import TestSupport
import Testing

/// The packages zstandard and lz4 of Python, which `make setup` installs, and the command zstd.
private enum Peer {
    static let python = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../.build-python/bin/python3").standardized.path

    static let isInstalled =
        FileManager.default.isExecutableFile(atPath: python)
        && (try? Tool.output(of: [python, "-c", "import lz4.block, zstandard"]))?.status == 0

    /// Decompresses the values of a file, one in each line in hexadecimal digits, as Formats.md describes them. The
    /// second file is the dictionary.
    static let decompressing = """
        import sys, lz4.block, zstandard
        dictionary = zstandard.ZstdCompressionDict(open(sys.argv[2], "rb").read())
        def varint(bytes, at):
            number = shift = 0
            while True:
                number |= (bytes[at] & 127) << shift
                at, shift = at + 1, shift + 7
                if bytes[at - 1] < 128: return number, at
        for line in open(sys.argv[1]):
            value = bytes.fromhex(line)
            header, at = varint(value, 0)
            form = header & 3
            detail, at = varint(value, at) if form in (1, 3) else (0, at)
            content = value[at:]
            if form == 1: content = lz4.block.decompress(content, uncompressed_size=detail)
            if form >= 2:
                content = b"\\x28\\xb5\\x2f\\xfd" + content
                parameters = zstandard.get_frame_parameters(content)
                assert parameters.dict_id == 0 and parameters.has_checksum == (form == 3)
                context = zstandard.ZstdDecompressor(dict_data=dictionary if form == 3 else None)
                content = context.decompress(content)
            print(form, content.hex())
        """
}

@Suite("Compressed records, compared with other programs", .timeLimit(.minutes(5)))
struct CompressionPeerTests {
    private func hexadecimal(_ bytes: Bytes) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

    /// Calls `body` with the values of records of all forms, the values of the same records without compression, and
    /// the dictionary.
    private func withValues(
        _ body: (_ values: [Tuple: Bytes], _ plain: [Tuple: Bytes], _ dictionary: Bytes) async throws -> Void
    ) async throws {
        let (store, other) = (MemoryStore(), MemoryStore())
        var sentences = Sentences(seed: 1)
        let records = sentences.notes(0..<200, length: 500)
        try await store.open(plainNotes).put(records[0..<10])
        try await store.open(notes(.lz4())).put(records[10..<30])
        try await store.open(notes(.lz4(level: 12))).put(records[30..<50])
        let table = try await store.open(notes(.zstandard(level: 19)))
        try await table.put(records[50..<100])
        try await table.trainDictionary(DictionaryTraining(capacity: 4_096))
        try await table.put(records[100..<200])
        try await other.open(plainNotes).put(records)
        #expect(
            try await store.forms() == [.plain: 10, .lz4: 40, .zstandard: 50, .zstandardWithDictionary: 100])
        let dictionary = try #require(try await store.get(store.dictionaryKey(1)))
        try await body(try await store.values(), try await other.values(), dictionary)
    }

    @Test(
        "Python's lz4 and zstandard decompress the records of a table to the same bytes",
        .enabled(if: Peer.isInstalled, "the modules lz4 and zstandard are not installed"))
    func python() async throws {
        try await withValues { values, plain, dictionary in
            try await withTemporaryDirectory { folder in
                let keys = values.keys.sorted()
                let lines = keys.map { hexadecimal(values[$0] ?? Bytes()) + "\n" }.joined()
                try write(Array(lines.utf8), to: "\(folder)/values")
                try write(Array(dictionary), to: "\(folder)/dictionary")
                let (status, output) = try Tool.output(
                    of: [Peer.python, "-c", Peer.decompressing, "\(folder)/values", "\(folder)/dictionary"])
                try #require(status == 0)
                let expected = keys.map { key in
                    let form = (values[key]?[0] ?? 0) & 3
                    return "\(form) \(hexadecimal(plain[key].map { $0.slice(1..<$0.count) } ?? Bytes()))"
                }
                #expect(output.split(separator: "\n").map(String.init) == expected)
            }
        }
    }

    @Test(
        "the command zstd decompresses a record with the dictionary in the catalog",
        .enabled(if: Tool.isInstalled("zstd"), "zstd is not installed"))
    func command() async throws {
        try await withValues { values, plain, dictionary in
            try await withTemporaryDirectory { folder in
                try write(Array(dictionary), to: "\(folder)/dictionary")
                for id in [60, 150] {
                    let (value, plain) = (try #require(values[Tuple(id)]), try #require(plain[Tuple(id)]))
                    let frame = [0x28, 0xB5, 0x2F, 0xFD] + Array(value).dropFirst(id < 100 ? 1 : 2)
                    try write(frame, to: "\(folder)/\(id).zst")
                    let dictionary = id < 100 ? [] : ["-D", "\(folder)/dictionary"]
                    try Tool.run("zstd", ["-d", "-q", "-f"] + dictionary + ["\(folder)/\(id).zst"])
                    let decompressed = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(id)"))
                    #expect(Array(decompressed) == Array(plain).dropFirst().map { $0 })
                }
            }
        }
    }
}
