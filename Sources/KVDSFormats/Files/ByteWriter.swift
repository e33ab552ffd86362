/// Buffered writing to a file descriptor.
package final class ByteWriter {
    private static let capacity = 64 << 10

    private let descriptor: Descriptor
    private var buffer: [UInt8] = []

    package init(_ descriptor: Descriptor = .standardOutput) {
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.capacity * 2)
    }

    /// Calls `fill`, which appends to the buffer.
    ///
    /// - Throws: `BrokenPipe` when the reader has closed the output, else `StoreError`; the errors of `fill`.
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

    /// Writes the buffer out. Call it after the last write.
    package func flush() throws {
        try descriptor.write(buffer)
        buffer.removeAll(keepingCapacity: buffer.capacity <= Self.capacity * 4)
    }
}
