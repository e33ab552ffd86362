package import KVDS

/// Appends the elements of one tuple to bytes.
///
/// A type that conforms to ``TupleElement`` calls ``append(_:)``. Up to 128 bytes are collected in place, without
/// allocation; longer ones in an array.
public struct TupleWriter: ~Copyable {
    /// The bytes, unless `overflow` contains them.
    private var inline = InlineArray<128, UInt8>(repeating: 0)
    /// All bytes, once there are more than fit in `inline`; until then nil.
    private var overflow: [UInt8]?
    /// How many bytes fit in `inline`; -1 once the bytes are in `overflow`.
    private var inlineLimit = 128
    /// The number of bytes.
    package private(set) var count = 0
    /// The number of elements, not counting those of the prefix.
    private(set) var elementCount = 0
    /// The direction of the element being written.
    private var order = ElementOrder.ascending

    /// A writer of a tuple, without elements.
    @usableFromInline
    init() {}

    /// A writer of the elements that follow those of `tuple`.
    @usableFromInline
    init(after tuple: Tuple) {
        self.init(after: tuple.packed)
        elementCount = tuple.count
    }

    /// A writer of elements that follow any bytes, such as the prefix of a table.
    package init(after prefix: Bytes) { write(prefix.span) }

    /// Appends one element.
    ///
    /// - Parameter element: The value.
    public mutating func append(_ element: some TupleElement) { element.pack(into: &self) }

    /// Appends one element in the given direction; see ``ElementOrder``.
    package mutating func append(_ element: some TupleElement, _ order: ElementOrder) {
        let outer = self.order
        self.order = order
        element.pack(into: &self)
        self.order = outer
    }

    /// All bytes so far, with those of the prefix. Mutating, because a borrowed writer would be copied.
    package mutating func bytes() -> Bytes {
        if let overflow { return Bytes(overflow) }
        let count = count
        return unsafe withUnsafeBytes(of: &inline) { raw in
            unsafe Bytes(copying: UnsafeRawBufferPointer(rebasing: raw[..<count]))
        }
    }

    /// The byte that was written last.
    var lastByte: UInt8? { overflow?.last ?? (count > 0 ? inline[count - 1] : nil) }

    /// The tuple of all elements so far. The prefix must have been a tuple, and no element descending.
    @usableFromInline
    mutating func tuple() -> Tuple { Tuple(packed: bytes(), count: elementCount) }
}

extension TupleWriter {
    /// Whether `more` bytes fit in place; otherwise they belong to `overflow`, which then contains all earlier ones.
    @inline(__always)
    private mutating func fitsInline(_ more: Int) -> Bool {
        if count + more <= inlineLimit { return true }
        if inlineLimit >= 0 { spill(more) }
        return false
    }

    @inline(never)
    private mutating func spill(_ more: Int) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * (count + more))
        for index in 0..<count { bytes.append(inline[index]) }
        overflow = bytes
        inlineLimit = -1
    }

    /// Appends one byte.
    @inline(__always)
    mutating func write(_ byte: UInt8) {
        if fitsInline(1) { inline[count] = byte } else { overflow?.append(byte) }
        count += 1
    }

    /// Appends the `length` most significant bytes of `word`, at most 8, the most significant one first.
    @inline(__always)
    mutating func write(_ word: UInt64, length: Int = 8) {
        if fitsInline(8) {
            var target = inline.mutableSpan
            var bytes = unsafe target.mutableBytes
            bytes.storeBytes(of: word.bigEndian, toByteOffset: count, as: UInt64.self)
        } else {
            for index in 0..<length { overflow?.append(UInt8(truncatingIfNeeded: word >> (56 - 8 * index))) }
        }
        count += length
    }

    /// Appends bytes as they are.
    mutating func write(_ bytes: Span<UInt8>) {
        if fitsInline(bytes.count) {
            for index in bytes.indices { inline[count + index] = bytes[index] }
        } else {
            for index in bytes.indices { overflow?.append(bytes[index]) }
        }
        count += bytes.count
    }

    /// Appends bytes with an escape after each zero, and their end.
    mutating func write(escaping bytes: Span<UInt8>) {
        // Escapes can double the length.
        if fitsInline(2 * bytes.count + 1) {
            var position = count
            for index in bytes.indices {
                let byte = bytes[index]
                inline[position] = byte
                position += 1
                if byte == 0 {
                    inline[position] = TupleCode.escape
                    position += 1
                }
            }
            inline[position] = TupleCode.end
            count = position + 1
        } else {
            for index in bytes.indices {
                write(bytes[index])
                if bytes[index] == 0 { write(TupleCode.escape) }
            }
            write(TupleCode.end)
        }
    }

    /// Ends the element that was written from `start` on: counts it, and inverts it if it is descending.
    @inline(__always)
    mutating func endElement(from start: Int) {
        elementCount += 1
        if order == .descending { invert(from: start) }
    }

    /// Appends the bytes of one ascending element in a direction.
    ///
    /// - Parameter isPartial: whether the bytes are only the beginning of an element.
    mutating func write(element bytes: Bytes, _ order: ElementOrder, isPartial: Bool = false) {
        let start = count
        write(bytes.span)
        elementCount += 1
        if order == .descending, !bytes.isEmpty { invert(from: start, isPartial: isPartial) }
    }

    @inline(never)
    private mutating func invert(from start: Int, isPartial: Bool = false) {
        func inverted(_ byte: UInt8, _ index: Int) -> UInt8 { index == start ? 0xFE &- byte : ~byte }
        let code: UInt8
        if var bytes = overflow.take() {
            code = bytes[start]
            for index in start..<count { bytes[index] = inverted(bytes[index], index) }
            overflow = bytes
        } else {
            code = inline[start]
            for index in start..<count { inline[index] = inverted(inline[index], index) }
        }
        if TupleCode.hasEnd(code), !isPartial { write(0xFF) }
    }
}
