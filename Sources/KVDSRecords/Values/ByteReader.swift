package import KVDS

/// A position in bytes that came from outside. Every read checks the end.
///
/// The bytes are borrowed from the caller of ``RecordCoder``, which ends the reader afterwards. So a decoder that a
/// value has kept cannot read freed memory. It is `@safe` because the address does not leave this type.
@safe
package final class ByteReader {
    // Private variables need no check for exclusive access: the compiler sees all of their uses.
    private var base: UnsafeRawPointer?
    private var end: Int
    private var offset = 0

    package var position: Int {
        @inline(__always) get { offset }
        @inline(__always) set { offset = newValue }
    }

    @unsafe
    package init(_ buffer: UnsafeRawBufferPointer) {
        unsafe base = buffer.baseAddress
        end = buffer.count
    }

    /// Makes every later read fail.
    package func invalidate() {
        unsafe base = nil
        end = 0
        offset = 0
    }

    package var remaining: Int { end - offset }
    package var isAtEnd: Bool { offset >= end }

    private static func truncated() -> StoreError { .corruptRecord("It ends too early.") }

    @inline(__always)
    package func byte() throws(StoreError) -> UInt8 {
        guard offset < end, let base = unsafe base else { throw Self.truncated() }
        defer { offset += 1 }
        return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// A byte that is 0 or 1.
    package func flag() throws(StoreError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw .corruptRecord("A flag is neither 0 nor 1.")
        }
    }

    /// The bit of the bitmap at offset `bitmap`, numbered as in ``ByteWriter/setBit(_:at:)``.
    @inline(__always)
    package func bit(_ bit: Int, at bitmap: Int) throws(StoreError) -> Bool {
        let place = bitmap + bit >> 3
        guard bitmap >= 0, bit >= 0, place < end, let base = unsafe base else { throw Self.truncated() }
        return unsafe base.load(fromByteOffset: place, as: UInt8.self) >> UInt8(bit & 7) & 1 == 1
    }

    @inline(__always)
    package func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(StoreError) -> Number {
        let size = Number.bitWidth / 8
        guard size <= remaining, let base = unsafe base else { throw Self.truncated() }
        defer { offset += size }
        return unsafe Number(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    package func double() throws(StoreError) -> Double { Double(bitPattern: try littleEndian(UInt64.self)) }
    package func float() throws(StoreError) -> Float { Float(bitPattern: try littleEndian(UInt32.self)) }

    @inline(__always)
    package func varint() throws(StoreError) -> UInt64 {
        if let short = shortVarint() { return short }
        guard let number = UInt64(exactly: try longVarint()) else { throw .corruptRecord("A number is too large.") }
        return number
    }

    /// A varint of at most 63 bits; nil if the next one is longer or damaged, for ``longVarint()`` to tell.
    @inline(__always)
    package func shortVarint() -> UInt64? {
        guard let base = unsafe base else { return nil }
        var number: UInt64 = 0
        var shift: UInt64 = 0
        var place = offset
        while place < end, shift < 63 {
            let byte = unsafe base.load(fromByteOffset: place, as: UInt8.self)
            number |= UInt64(byte & 0x7F) << shift
            place += 1
            if byte < 0x80 {
                if byte == 0, shift > 0 { return nil }
                offset = place
                return number
            }
            shift += 7
        }
        return nil
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

    package func skipVarint() throws(StoreError) { if shortVarint() == nil { _ = try longVarint() } }

    /// An integer whose sign is the lowest bit, if it fits.
    @inline(__always)
    package func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(StoreError) -> Integer {
        if let number = shortVarint() {
            let short = Int64(truncatingIfNeeded: number >> 1) ^ -Int64(truncatingIfNeeded: number & 1)
            if let integer = Integer(exactly: short) { return integer }
        } else {
            let number = try longVarint()
            let long = Int128(truncatingIfNeeded: number >> 1) ^ -Int128(truncatingIfNeeded: number & 1)
            if let integer = Integer(exactly: long) { return integer }
        }
        throw StoreError(.incompatibleSchema, "A stored integer does not fit into \(type).")
    }

    /// Calls `body` with the next `count` bytes.
    package func read<R>(
        _ count: Int, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> R
    ) throws(StoreError) -> R {
        guard count >= 0, count <= remaining, let base = unsafe base else { throw Self.truncated() }
        defer { offset += count }
        return try unsafe body(UnsafeRawBufferPointer(start: base + offset, count: count))
    }

    package func skip(_ count: Int) throws(StoreError) {
        guard count >= 0, count <= remaining else { throw Self.truncated() }
        offset += count
    }

    /// A string with its length before it.
    package func string() throws(StoreError) -> String {
        let count = try length()
        guard let base = unsafe base else { throw Self.truncated() }
        let utf8 = unsafe UnsafeRawBufferPointer(start: base + offset, count: count)
        offset += count
        var allBits: UInt8 = 0
        for index in 0..<count { allBits |= unsafe utf8[index] }
        // Repairs bytes that are not valid, and so changes them. It is several times faster than a strict initializer.
        let string = unsafe String(decoding: utf8, as: UTF8.self)
        if allBits >= 0x80, unsafe !string.utf8.elementsEqual(utf8) {
            throw .corruptRecord("A string is not valid UTF-8.")
        }
        return string
    }

    /// Bytes with their length before them.
    package func bytes() throws(StoreError) -> Bytes {
        try unsafe read(try length()) { buffer throws(StoreError) in unsafe Bytes(copying: buffer) }
    }
}
