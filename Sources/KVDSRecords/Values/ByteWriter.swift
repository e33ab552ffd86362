package import KVDS

/// A growing block of bytes, to which an encoder appends.
///
/// It is `@safe` because the block is allocated and freed here, and its address does not leave this type.
@safe
package final class ByteWriter {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    // A private variable needs no check for exclusive access: the compiler sees all of its uses.
    private var length = 0

    package var count: Int {
        @inline(__always) get { length }
    }

    package init(capacity: Int = 128) {
        self.capacity = max(16, capacity)
        unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { unsafe base.deallocate() }

    /// The bytes written so far.
    package var bytes: Bytes { bytes(from: 0) }

    /// The bytes written from `start` on.
    package func bytes(from start: Int) -> Bytes {
        unsafe Bytes(copying: UnsafeRawBufferPointer(start: base + start, count: length - start))
    }

    /// Calls `body` with the bytes written from `start` on.
    package func withBytes<R>(from start: Int, _ body: (RawSpan) -> R) -> R {
        let start = min(max(0, start), length)
        return body(unsafe RawSpan(_unsafeStart: base + start, byteCount: length - start))
    }

    /// Appends what `fill` writes into a buffer of `room` bytes.
    ///
    /// - Parameter fill: returns how many bytes it has written; nil if it could not.
    /// - Returns: whether `fill` wrote something.
    package func append(atMost room: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int?) -> Bool {
        guard room > 0 else { return false }
        reserve(room)
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: base + length, count: room)
        guard let count = unsafe fill(buffer), 1...room ~= count else { return false }
        length += count
        return true
    }

    /// Removes all bytes from `count` on, and keeps the block.
    package func truncate(to count: Int) { length = min(length, max(0, count)) }

    @inline(__always)
    private func reserve(_ more: Int) {
        if capacity - length < more { grow(more) }
    }

    private func grow(_ more: Int) {
        let larger = max(capacity * 2, length + more)
        let block = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        unsafe block.copyMemory(from: base, byteCount: length)
        unsafe base.deallocate()
        unsafe base = block
        capacity = larger
    }

    @inline(__always)
    package func append(_ byte: UInt8) {
        reserve(1)
        unsafe base.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
        length += 1
    }

    /// Appends a number, the least significant byte first.
    @inline(__always)
    package func append(littleEndian number: some FixedWidthInteger & BitwiseCopyable) {
        let size = number.bitWidth / 8
        reserve(size)
        unsafe base.storeBytes(of: number.littleEndian, toByteOffset: length, as: type(of: number))
        length += size
    }

    package func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        if let start = bytes.baseAddress { unsafe (base + length).copyMemory(from: start, byteCount: bytes.count) }
        length += bytes.count
    }

    package func append(_ bytes: Bytes) { unsafe bytes.withUnsafeBytes { unsafe append($0) } }

    /// Appends `count` zero bytes.
    ///
    /// - Returns: the offset of the first.
    package func appendZeros(_ count: Int) -> Int {
        reserve(count)
        let start = length
        for offset in 0..<count { unsafe base.storeBytes(of: 0, toByteOffset: start + offset, as: UInt8.self) }
        length += count
        return start
    }

    /// Sets a bit of a byte that was written: bit 0 is the lowest of the byte at `offset`, bit 8 that of the next.
    @inline(__always)
    package func setBit(_ bit: Int, at offset: Int) {
        let place = offset + bit >> 3
        guard bit >= 0, offset >= 0, place < length else { return }
        let old = unsafe base.load(fromByteOffset: place, as: UInt8.self)
        unsafe base.storeBytes(of: old | 1 << UInt8(bit & 7), toByteOffset: place, as: UInt8.self)
    }

    /// Appends a number in groups of seven bits, the lowest first. All bytes but the last have their high bit set.
    @inline(__always)
    package func append(varint number: UInt64) {
        reserve(10)
        var rest = number
        var end = length
        while rest >= 0x80 {
            unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: end, as: UInt8.self)
            end += 1
            rest >>= 7
        }
        unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: end, as: UInt8.self)
        length = end + 1
    }

    package func append(varint number: UInt128) {
        var rest = number
        while rest > UInt64.max {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(varint: UInt64(truncatingIfNeeded: rest))
    }

    /// Appends an integer, whose sign becomes the lowest bit.
    @inline(__always)
    package func append(signed number: Int64) { append(varint: UInt64(bitPattern: number << 1 ^ number >> 63)) }

    /// Appends a number of four or eight bytes. 0.0 and -0.0 are equal, so they have equal bytes.
    @inline(__always)
    package func append(float number: Double) { append(littleEndian: number == 0 ? 0 : number.bitPattern) }

    @inline(__always)
    package func append(float number: Float) { append(littleEndian: number == 0 ? 0 : number.bitPattern) }

    /// Appends the length and the UTF-8 bytes of a string.
    package func append(string: String) {
        var string = string
        string.withUTF8 { utf8 in
            append(varint: UInt64(utf8.count))
            unsafe append(UnsafeRawBufferPointer(utf8))
        }
    }

    /// Replaces one byte by a varint, and moves the bytes after it.
    package func replaceByte(at offset: Int, withVarint number: UInt64) {
        guard offset >= 0, offset < length else { return }
        if number < 0x80 {
            return unsafe base.storeBytes(of: UInt8(number), toByteOffset: offset, as: UInt8.self)
        }
        let rest = bytes(from: offset + 1)
        truncate(to: offset)
        append(varint: number)
        append(rest)
    }
}
