/// Buffered writing to a file descriptor.
package final class ByteWriter {
    private static let capacity = 64 << 10

    private let descriptor: Descriptor
    private var buffer: [UInt8] = []

    package init(_ descriptor: Descriptor = .standardOutput) {
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.capacity * 2)
    }

    /// Appends what `fill` puts into the buffer.
    ///
    /// - Throws: `BrokenPipe` when nobody reads any more, else `StoreError`; what `fill` throws.
    package func write(_ fill: (inout [UInt8]) throws -> Void) throws {
        try fill(&buffer)
        if buffer.count >= Self.capacity { try flush() }
    }

    package func write(line: String) throws {
        try write {
            $0.append(contentsOf: line.utf8)
            $0.append(.newline)
        }
    }

    /// Hands everything to the operating system; whoever writes calls it last.
    package func flush() throws {
        try descriptor.write(buffer)
        buffer.removeAll(keepingCapacity: buffer.capacity <= Self.capacity * 4)
    }
}
