package import KVDS

/// A position in bytes that came from outside. Every read checks the end.
///
/// The bytes are borrowed from the caller of ``RecordCoder``, which ends the reader afterwards. So a decoder that a
/// value has kept cannot read freed memory. It is `@safe` because the address does not leave this type.
@safe
package final class ByteReader {
    private var base: UnsafeRawPointer?
    package private(set) var end: Int
    package var position = 0

    @unsafe
    package init(_ buffer: UnsafeRawBufferPointer) {
        unsafe base = buffer.baseAddress
        end = buffer.count
    }

    /// Makes every later read fail.
    package func invalidate() {
        unsafe base = nil
        end = 0
        position = 0
    }

    package var remaining: Int { end - position }
    package var isAtEnd: Bool { position >= end }

    private static func truncated() -> StoreError { .corruptRecord("It ends too early.") }

    @inline(__always)
    package func byte() throws(StoreError) -> UInt8 {
        guard position < end, let base = unsafe base else { throw Self.truncated() }
        defer { position += 1 }
        return unsafe base.load(fromByteOffset: position, as: UInt8.self)
    }

    /// A byte that is 0 or 1.
    package func flag() throws(StoreError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw .corruptRecord("A flag is neither 0 nor 1.")
        }
    }

    /// The bit of the bitmap at `offset`, numbered as in ``ByteWriter/setBit(_:at:)``.
    @inline(__always)
    package func bit(_ bit: Int, at offset: Int) throws(StoreError) -> Bool {
        let place = offset + bit >> 3
        guard offset >= 0, bit >= 0, place < end, let base = unsafe base else { throw Self.truncated() }
        return unsafe base.load(fromByteOffset: place, as: UInt8.self) >> UInt8(bit & 7) & 1 == 1
    }

    @inline(__always)
    package func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(StoreError) -> Number {
        let size = Number.bitWidth / 8
        guard size <= remaining, let base = unsafe base else { throw Self.truncated() }
        defer { position += size }
        return unsafe Number(littleEndian: base.loadUnaligned(fromByteOffset: position, as: Number.self))
    }

    @inline(__always)
    package func varint() throws(StoreError) -> UInt64 {
        guard position < end, let base = unsafe base else { throw Self.truncated() }
        let first = unsafe base.load(fromByteOffset: position, as: UInt8.self)
        if first < 0x80 {
            position += 1
            return UInt64(first)
        }
        let number = try longVarint()
        guard let short = UInt64(exactly: number) else { throw .corruptRecord("A number is too large.") }
        return short
    }

    /// A varint of at most 128 bits. Only the shortest form of a number is accepted.
    package func longVarint() throws(StoreError) -> UInt128 {
        var number: UInt128 = 0
        var shift: UInt128 = 0
        while true {
            let byte = try byte()
            let group = UInt128(byte & 0x7F)
            if shift > 121, group >> (128 - shift) != 0 { throw .corruptRecord("A number is too large.") }
            number |= group << shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw .corruptRecord("A number is not in its shortest form.") }
                return number
            }
            shift += 7
            if shift > 126 { throw .corruptRecord("A number is too large.") }
        }
    }

    /// A varint that counts something of which each takes at least one of the remaining bytes.
    package func length() throws(StoreError) -> Int {
        let number = try varint()
        guard number <= UInt64(remaining) else { throw Self.truncated() }
        return Int(number)
    }

    /// Calls `body` with the next `count` bytes.
    package func read<R>(
        _ count: Int, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> R
    ) throws(StoreError) -> R {
        guard count >= 0, count <= remaining, let base = unsafe base else { throw Self.truncated() }
        defer { position += count }
        return try unsafe body(UnsafeRawBufferPointer(start: base + position, count: count))
    }

    package func skip(_ count: Int) throws(StoreError) {
        guard count >= 0, count <= remaining else { throw Self.truncated() }
        position += count
    }

    /// A string with its length before it.
    package func string() throws(StoreError) -> String {
        try unsafe read(try length()) { utf8 throws(StoreError) in
            guard let string = unsafe String(validating: utf8.bindMemory(to: UInt8.self), as: UTF8.self) else {
                throw .corruptRecord("A string is not valid UTF-8.")
            }
            return string
        }
    }

    /// Bytes with their length before them.
    package func bytes() throws(StoreError) -> Bytes {
        try unsafe read(try length()) { buffer throws(StoreError) in unsafe Bytes(copying: buffer) }
    }
}
