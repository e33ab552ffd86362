/// A type with its own code for the format of records, as one would write it for this type alone.
protocol HandCoded {
    func write(to writer: inout HandWriter)
    init(from reader: inout HandReader) throws
}

extension HandCoded {
    var bytesByHand: [UInt8] {
        var writer = HandWriter()
        write(to: &writer)
        return writer.bytes
    }

    init(bytesByHand bytes: [UInt8]) throws {
        var reader = HandReader(bytes)
        try self.init(from: &reader)
        if !reader.isAtEnd { throw HandReader.Damage() }
    }
}

struct HandWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(128) }

    mutating func write(byte: UInt8) { bytes.append(byte) }

    mutating func write(varint number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func write(_ number: Int) { write(varint: UInt64(bitPattern: Int64(number << 1 ^ number >> 63))) }

    mutating func write(_ number: Double) {
        withUnsafeBytes(of: (number == 0 ? 0 : number.bitPattern).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ string: String) {
        let utf8 = string.utf8
        write(varint: UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }
}

struct HandReader {
    struct Damage: Error {}

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws -> UInt8 {
        guard position < bytes.count else { throw Damage() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func varint() throws -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let byte = try byte()
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
        throw Damage()
    }

    mutating func count() throws -> Int {
        let number = try varint()
        guard number <= bytes.count - position else { throw Damage() }
        return Int(number)
    }

    mutating func integer() throws -> Int {
        let number = try varint()
        return Int(truncatingIfNeeded: number >> 1) ^ -Int(truncatingIfNeeded: number & 1)
    }

    mutating func double() throws -> Double {
        guard bytes.count - position >= 8 else { throw Damage() }
        defer { position += 8 }
        return Double(
            bitPattern: UInt64(
                littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt64.self) }))
    }

    mutating func string() throws -> String {
        let count = try count()
        defer { position += count }
        return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }
}
