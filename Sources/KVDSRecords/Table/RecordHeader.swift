import KVDS

/// The first bytes of a record's value: the version of its schema, and how the rest is compressed.
struct RecordHeader {
    /// The version of the schema.
    let version: Int
    let form: RecordForm
    /// The number of bytes of the record, if it is a block of LZ4; the version of the dictionary, if it needs one.
    let detail: Int
    /// The number of bytes of the header itself.
    let length: Int

    /// Appends a header.
    ///
    /// - Parameter detail: as the property; ignored by a form without one.
    static func append(_ version: Int, _ form: RecordForm = .plain, detail: Int = 0, to writer: ByteWriter) {
        writer.append(varint: UInt64(version) << 2 | UInt64(form.rawValue))
        if form.hasDetail { writer.append(varint: UInt64(detail)) }
    }

    /// - Throws: `.corrupt` if there is no header.
    static func read(_ value: Bytes) throws(StoreError) -> RecordHeader {
        // The header of a plain record of the first 31 versions is one byte, which needs no reader.
        if let byte = value.first, byte < 0x80, byte > 0, byte & 3 == 0 {
            return RecordHeader(version: Int(byte >> 2), form: .plain, detail: 0, length: 1)
        }
        return try unsafe value.withUnsafeBytes { buffer throws(StoreError) in
            let reader = unsafe ByteReader(buffer)
            let number = try reader.varint()
            guard number > 3, let form = RecordForm(rawValue: UInt8(number & 3)) else {
                throw .corruptRecord("It has no schema version.")
            }
            guard let detail = Int(exactly: form.hasDetail ? try reader.varint() : 0) else {
                throw .corruptRecord("Its header has a number that is too large.")
            }
            return RecordHeader(version: Int(number >> 2), form: form, detail: detail, length: reader.position)
        }
    }
}

extension RecordForm {
    fileprivate var hasDetail: Bool { self == .lz4 || self == .zstandardWithDictionary }
}
