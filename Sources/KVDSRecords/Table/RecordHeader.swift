import KVDS

/// The first bytes of a record's value: the version of its schema, and how the rest is compressed.
enum RecordHeader {
    /// Appends the header of a record that is not compressed.
    static func append(_ version: Int, to writer: ByteWriter) {
        // The two low bits are for the kinds of compression.
        writer.append(varint: UInt64(version) << 2)
    }

    /// - Returns: the version, and the length of the header.
    /// - Throws: `.corrupt` if there is no header; `.newerFormat` if the record is compressed.
    static func read(_ value: Bytes) throws(StoreError) -> (version: Int, length: Int) {
        // The header of the first 31 versions is one byte, which needs no reader.
        if let byte = value.first, byte < 0x80, byte > 0, byte & 3 == 0 { return (Int(byte >> 2), 1) }
        let (number, length): (UInt64, Int) = try unsafe value.withUnsafeBytes { buffer throws(StoreError) in
            let reader = unsafe ByteReader(buffer)
            return (try reader.varint(), reader.position)
        }
        guard number & 3 == 0 else {
            throw StoreError(.newerFormat, "A record is compressed in a way that this version of the package lacks.")
        }
        guard number > 0 else { throw .corruptRecord("It has no schema version.") }
        return (Int(number >> 2), length)
    }
}
