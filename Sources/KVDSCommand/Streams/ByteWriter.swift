import KVDS

/// Buffered writing to a file descriptor.
final class ByteWriter {
    private static let capacity = 64 << 10

    private let descriptor: Descriptor
    private var buffer: [UInt8] = []

    init(_ descriptor: Descriptor = .standardOutput) {
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.capacity * 2)
    }

    /// Appends what `fill` puts into the buffer.
    ///
    /// - Throws: `BrokenPipe` when nobody reads any more, else `StoreError`; what `fill` throws.
    func write(_ fill: (inout [UInt8]) throws -> Void) throws {
        try fill(&buffer)
        if buffer.count >= Self.capacity { try flush() }
    }

    func write(line: String) throws {
        try write {
            $0.append(contentsOf: line.utf8)
            $0.append(.newline)
        }
    }

    /// Hands everything to the operating system; whoever writes calls it last.
    func flush() throws {
        try descriptor.write(buffer)
        buffer.removeAll(keepingCapacity: buffer.capacity <= Self.capacity * 4)
    }
}

extension [UInt8] {
    /// Appends the bytes as they are.
    mutating func append(raw bytes: Bytes) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}

extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let backslash = UInt8(ascii: "\\")
}
