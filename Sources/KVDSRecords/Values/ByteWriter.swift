package import KVDS

/// A growing block of bytes, to which an encoder appends.
///
/// It is `@safe` because the block is allocated and freed here, and its address does not leave this type.
@safe
package final class ByteWriter {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    package private(set) var count = 0

    package init(capacity: Int = 128) {
        self.capacity = max(16, capacity)
        unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { unsafe base.deallocate() }

    /// The bytes written so far.
    package var bytes: Bytes { bytes(from: 0) }

    /// The bytes written from `start` on.
    package func bytes(from start: Int) -> Bytes {
        unsafe Bytes(copying: UnsafeRawBufferPointer(start: base + start, count: count - start))
    }

    /// Removes all bytes from `count` on, and keeps the block.
    package func truncate(to count: Int) { self.count = min(self.count, max(0, count)) }

    @inline(__always)
    private func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    private func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let block = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        unsafe block.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe base = block
        capacity = larger
    }

    @inline(__always)
    package func append(_ byte: UInt8) {
        reserve(1)
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends a number, the least significant byte first.
    @inline(__always)
    package func append(littleEndian number: some FixedWidthInteger & BitwiseCopyable) {
        let size = number.bitWidth / 8
        reserve(size)
        unsafe base.storeBytes(of: number.littleEndian, toByteOffset: count, as: type(of: number))
        count += size
    }

    package func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        if let start = bytes.baseAddress { unsafe (base + count).copyMemory(from: start, byteCount: bytes.count) }
        count += bytes.count
    }

    package func append(_ bytes: Bytes) { unsafe bytes.withUnsafeBytes { unsafe append($0) } }

    /// Appends `count` zero bytes.
    ///
    /// - Returns: the offset of the first.
    package func appendZeros(_ count: Int) -> Int {
        reserve(count)
        let start = self.count
        for offset in 0..<count { unsafe base.storeBytes(of: 0, toByteOffset: start + offset, as: UInt8.self) }
        self.count += count
        return start
    }

    /// Sets a bit of a byte that was written: bit 0 is the lowest of the byte at `offset`, bit 8 that of the next.
    package func setBit(_ bit: Int, at offset: Int) {
        let place = offset + bit >> 3
        guard bit >= 0, offset >= 0, place < count else { return }
        let old = unsafe base.load(fromByteOffset: place, as: UInt8.self)
        unsafe base.storeBytes(of: old | 1 << UInt8(bit & 7), toByteOffset: place, as: UInt8.self)
    }

    /// Appends a number in groups of seven bits, the lowest first. All bytes but the last have their high bit set.
    @inline(__always)
    package func append(varint number: UInt64) {
        reserve(10)
        var rest = number
        while rest >= 0x80 {
            unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: count, as: UInt8.self)
            count += 1
            rest >>= 7
        }
        unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: count, as: UInt8.self)
        count += 1
    }

    package func append(varint number: UInt128) {
        var rest = number
        while rest > UInt64.max {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(varint: UInt64(truncatingIfNeeded: rest))
    }

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
        guard offset >= 0, offset < count else { return }
        if number < 0x80 {
            return unsafe base.storeBytes(of: UInt8(number), toByteOffset: offset, as: UInt8.self)
        }
        let rest = bytes(from: offset + 1)
        truncate(to: offset)
        append(varint: number)
        append(rest)
    }
}
