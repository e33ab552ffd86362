import Foundation
import KVDS
import Testing

@testable import KVDSCommand

@Suite("Export and import", .serialized)
struct RoundTripTests {
    @Test("100,000 random binary entries are the same in another store after export | import", arguments: RowFormat.allCases)
    func roundTrip(_ format: RowFormat) throws {
        // Each format crosses from one backend to the other.
        let (source, target) = format == .csv ? ("rocksdb", "lmdb") : ("lmdb", "rocksdb")
        try KvdsProcess.inDirectory { directory in
            var random = SeededRandom(seed: 7)
            var rows: [UInt8] = []
            var keys: Set<Bytes> = []
            while keys.count < 100_000 {
                let entry = random.entry()
                guard keys.insert(entry.key).inserted else { continue }
                RowEncoder(style: .format(format)).append(entry, to: &rows)
            }
            let path = "\(directory)/a.\(format)"
            var file: [UInt8] = []
            RowEncoder(style: .format(format)).appendHeader(to: &file)
            try Data(file + rows).write(to: URL(fileURLWithPath: path))
            try KvdsProcess.succeed("import", path, "--store", "\(source):\(directory)/a")

            let pipe = Pipe()
            let exporter = Process()
            exporter.executableURL = KvdsProcess.executable
            exporter.arguments = ["export", "-", "--format", "\(format)", "--store", "\(source):\(directory)/a"]
            exporter.standardOutput = pipe
            exporter.standardError = FileHandle.nullDevice
            try exporter.run()
            try pipe.fileHandleForWriting.close()
            let (code, error) = try KvdsProcess.run(
                ["import", "-", "--format", "\(format)", "--store", "\(target):\(directory)/b"], input: pipe.fileHandleForReading)
            exporter.waitUntilExit()
            #expect(code == 0 && exporter.terminationStatus == 0, "\(error)")
            #expect(error.hasPrefix("imported 100000 entries"), "\(error)")

            try KvdsProcess.succeed("export", directory + "/from.jsonl", "--store", "\(source):\(directory)/a")
            try KvdsProcess.succeed("export", directory + "/to.jsonl", "--store", "\(target):\(directory)/b")
            #expect(FileManager.default.contentsEqual(atPath: directory + "/from.jsonl", andPath: directory + "/to.jsonl"))
        }
    }
}

/// The same numbers on every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var number = state
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }

    /// A key of 1 to 12 bytes and a value of 0 to 24, of any bytes or, half of the time, of those that formats care about.
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
            bytes.append(isDelicate ? Self.delicate[Int(number % UInt64(Self.delicate.count))] : UInt8(truncatingIfNeeded: number))
        }
        return Bytes(bytes)
    }
}
