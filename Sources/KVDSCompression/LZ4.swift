import CLZ4
import KVDS
import KVDSRecords

/// Blocks of LZ4. They contain neither their own length nor that of their content.
enum LZ4 {
    private static let leastSlowLevel: Int32 = 3

    /// - Returns: whether a block was appended to `writer`; not if it needs more than `room` bytes.
    static func compress(_ record: RawSpan, level: Int32, room: Int, to writer: ByteWriter) -> Bool {
        guard let size = Int32(exactly: record.byteCount), let room32 = Int32(exactly: room) else { return false }
        return unsafe record.withUnsafeBytes { source in
            unsafe writer.append(atMost: room) { target in
                // Neither address is nil: the record and the room have at least one byte. Both functions read `size`
                // bytes, write at most `room` bytes, and return 0 if that does not suffice.
                let from = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
                let to = unsafe target.baseAddress?.assumingMemoryBound(to: CChar.self)
                let count =
                    level < leastSlowLevel
                    ? unsafe LZ4_compress_default(from, to, size, room32)
                    : unsafe LZ4_compress_HC(from, to, size, room32, level)
                return count > 0 ? Int(count) : nil
            }
        }
    }

    /// - Parameter size: the number of bytes of the record.
    /// - Throws: `.corrupt` if the block is not the compressed form of so many bytes.
    static func decompress(_ block: Bytes, size: Int) throws(StoreError) -> Bytes {
        let size = try RecordForm.size(UInt64(clamping: size), from: block.count)
        guard let count = Int32(exactly: block.count) else { throw .damaged("the block is too long") }
        var written: Int32 = -1
        let record = unsafe Bytes(count: size) { target in
            unsafe block.withUnsafeBytes { source in
                // Reads at most `count` bytes and writes at most `size`, whatever the block contains.
                let from = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
                let to = unsafe target.baseAddress?.assumingMemoryBound(to: CChar.self)
                if unsafe from != nil, unsafe to != nil {
                    written = unsafe LZ4_decompress_safe(from, to, count, Int32(size))
                }
            }
        }
        guard written == size else { throw .damaged("it is no block of LZ4 of this size") }
        return record
    }
}
