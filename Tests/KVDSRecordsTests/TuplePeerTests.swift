import Foundation
import KVDS
import KVDSTesting
import Testing

@testable import KVDSRecords

/// FoundationDB's own implementation in Python, which `make setup` installs.
private enum Peer {
    static let python = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../.build-python/bin/python3").standardized

    static let isInstalled: Bool = {
        guard FileManager.default.isExecutableFile(atPath: python.path) else { return false }
        return (try? run("import fdb.tuple", [])) != nil
    }()

    /// Runs a program in Python.
    ///
    /// - Returns: the lines of its output.
    static func run(_ program: String, _ arguments: [String]) throws -> [Substring] {
        let process = Process()
        process.executableURL = python
        process.arguments = ["-c", program] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    }

    /// Packs the tuples of a file, one expression in each line.
    static let packing = """
        import struct, sys, uuid
        from fdb.tuple import SingleFloat, pack, unpack
        def double(digits): return struct.unpack(">d", bytes.fromhex(digits))[0]
        def single(digits): return SingleFloat(struct.unpack(">f", bytes.fromhex(digits))[0])
        for line in open(sys.argv[1]):
            packed = pack(eval(line))
            assert pack(unpack(packed)) == packed
            print(packed.hex())
        """

    /// Packs random tuples.
    static let generating = """
        import random, sys, uuid
        from fdb.tuple import SingleFloat, pack
        dice = random.Random(int(sys.argv[1]))
        def integer():
            value = dice.choice([0, 1, 255, 256, 2 ** dice.randrange(1, 2040)]) + dice.randrange(-2, 3)
            return value if abs(value) != 2 ** 64 - 1 else 0
        def element(depth):
            return dice.choice([
                lambda: None,
                lambda: bytes(dice.choice([0, 1, 254, 255]) for _ in range(dice.randrange(6))),
                lambda: "".join(dice.choice("\\0ab\\u00e9\\ud7ff\\U0010ffff") for _ in range(dice.randrange(6))),
                lambda: elements(depth + 1) if depth < 5 else (),
                integer,
                lambda: -integer(),
                lambda: dice.uniform(-1, 1) * 10 ** dice.randrange(-300, 300),
                lambda: SingleFloat(dice.uniform(-1e9, 1e9)),
                lambda: dice.choice([True, False]),
                lambda: uuid.UUID(int=dice.getrandbits(128)),
            ])()
        def elements(depth): return tuple(element(depth) for _ in range(dice.randrange(5)))
        for _ in range(500): print(pack(elements(0)).hex())
        """
}

@Suite("Tuple, compared with FoundationDB", .enabled(if: Peer.isInstalled, "the module fdb is not installed"))
struct TuplePeerTests {
    @Test("FoundationDB packs random tuples into the same bytes")
    func packing() throws {
        let seed = TestSeed.next
        var random = RandomTuples(seed: seed)
        random.isForPython = true
        let tuples = (0..<500).map { _ in random.elements() }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("tuples-\(UUID())")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = tuples.map { expression($0) + "\n" }.joined()
        try Data(lines.utf8).write(to: file)
        let packed = try Peer.run(Peer.packing, [file.path])
        #expect(packed.count == tuples.count)
        for (elements, packed) in zip(tuples, packed) {
            try #require(packed == Tuple(elements: elements).packed.hexadecimal, "seed \(seed): \(elements)")
        }
    }

    @Test("random tuples that FoundationDB packed unpack and pack into the same bytes")
    func unpacking() throws {
        let seed = TestSeed.next
        let lines = try Peer.run(Peer.generating, ["\(seed)"])
        #expect(lines.count == 500)
        for line in lines {
            let packed = Bytes(hexadecimal: line)
            let tuple = try Tuple(unpacking: packed)
            try #require(Tuple(elements: tuple).packed == packed, "seed \(seed): \(tuple)")
        }
    }

    /// The elements as a tuple of Python. They do not come from packed bytes, unless they are nested.
    private func expression(_ elements: some Sequence<Tuple.Element>) -> String {
        "(" + elements.map { expression($0) + "," }.joined() + ")"
    }

    private func expression(_ element: Tuple.Element) -> String {
        switch element {
        case .null: "None"
        case .bytes(let value): "bytes.fromhex('\(value.hexadecimal)')"
        case .string(let value): "bytes.fromhex('\(Bytes(value).hexadecimal)').decode()"
        case .tuple(let value): expression(value)
        case .integer(let value): "\(value)"
        case .bigInteger(let value): "\(value)"
        case .float(let value): "single('\(Bytes(digits(value.bitPattern)).hexadecimal)')"
        case .double(let value): "double('\(Bytes(digits(value.bitPattern)).hexadecimal)')"
        case .bool(let value): value ? "True" : "False"
        case .uuid(let value): "uuid.UUID('\(value)')"
        case .versionstamp: "None"
        }
    }

    private func digits(_ bits: some FixedWidthInteger) -> [UInt8] {
        (0..<bits.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
}
