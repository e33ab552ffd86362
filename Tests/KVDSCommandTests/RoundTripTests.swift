#if Command
import TestSupport
import Foundation
import KVDS
import KVDSFormats
import KVDSTesting
import Testing

@testable import KVDSCommand

@Suite("Export and import")
struct RoundTripTests {
    @Test("100,000 random binary entries survive export and import through every format")
    func roundTrip() throws {
        try KvdsProcess.inDirectory { directory in
            var random = SplitMix64(seed: 7)
            var values: [Bytes: Bytes] = [:]
            while values.count < 100_000 {
                let entry = random.entry()
                values[entry.key] = entry.value
            }
            var rows: [UInt8] = []
            for (key, value) in values {
                try RowEncoder(style: .format(.tsv)).append(Entry(key: key, value: value), to: &rows)
            }
            try Data(rows).write(to: URL(fileURLWithPath: directory + "/in.tsv"))

            try KvdsProcess.succeed("import", directory + "/in.tsv", "--store", "lmdb:\(directory)/a")
            try pipe("lmdb:\(directory)/a", "rocksdb:\(directory)/b", "csv")
            try pipe("rocksdb:\(directory)/b", "lmdb:\(directory)/c", "jsonl")
            try pipe("lmdb:\(directory)/c", "rocksdb:\(directory)/d", "tsv")
            try KvdsProcess.succeed("export", directory + "/out.tsv", "--store", "rocksdb:\(directory)/d")

            var reader = RowReader(try Descriptor.reading(directory + "/out.tsv"), .tsv, try RowDecoder(.tsv))
            var last = Bytes()
            while let entry = try reader.next() {
                #expect(last < entry.key && values.removeValue(forKey: entry.key) == entry.value)
                last = entry.key
            }
            #expect(values.isEmpty)
        }
    }

    /// `kvds export --store source | kvds import - --store target`.
    private func pipe(_ source: String, _ target: String, _ format: String) throws {
        let pipe = Pipe()
        let exporter = Process()
        exporter.executableURL = KvdsProcess.executable
        exporter.arguments = ["export", "--format", format, "--store", source]
        exporter.standardOutput = pipe
        exporter.standardError = FileHandle.nullDevice
        try exporter.run()
        let limit = ProcessLimit(of: exporter.processIdentifier)
        defer { limit.stop() }
        // Only the exporter may hold the writing end; otherwise the importer would never see the end.
        try pipe.fileHandleForWriting.close()
        let (code, error) = try KvdsProcess.run(
            ["import", "-", "--format", format, "--store", target], input: pipe.fileHandleForReading)
        exporter.waitUntilExit()
        #expect(code == 0 && exporter.terminationStatus == 0, "\(error)")
        #expect(error.hasPrefix("imported 100000 entries"), "\(error)")
    }
}

extension SplitMix64 {
    /// Returns a key of 1 to 12 bytes and a value of 0 to 24 bytes. Half of them consist of bytes that are special in
    /// the formats, the others of any bytes.
    mutating func entry() -> Entry {
        Entry(key: bytes(1...12), value: bytes(0...24))
    }

    private static let delicate = Array("\t\r\n\\\",{}:'x041 é🙂\u{0}".utf8)

    mutating func bytes(_ lengths: ClosedRange<Int>) -> Bytes {
        let range = UInt64(lengths.count)
        let count = lengths.lowerBound + Int(next() % range)
        let isDelicate = next() & 1 == 0
        var bytes: [UInt8] = []
        while bytes.count < count {
            let number = next()
            bytes.append(
                isDelicate
                    ? Self.delicate[Int(number % UInt64(Self.delicate.count))] : UInt8(truncatingIfNeeded: number))
        }
        return Bytes(bytes)
    }
}
#endif
