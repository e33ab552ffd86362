package import KVDS

/// The form of a record in a value: the two lowest bits of the value's header. Formats.md describes the forms.
package enum RecordForm: UInt8, Sendable {
    /// Not compressed.
    case plain = 0
    /// A block of LZ4.
    case lz4 = 1
    /// A frame of Zstandard.
    case zstandard = 2
    /// A frame of Zstandard that needs a dictionary.
    case zstandardWithDictionary = 3

    /// How many times longer a record may be than its compressed form, so that damaged bytes cannot ask for much
    /// memory. LZ4 has this limit by its format. A record that Zstandard compresses further is stored as LZ4.
    package static let greatestRatio = 255

    /// The greatest number of bytes of a record that is compressed: that of a value.
    package static let greatestSize = Int(Int32.max)

    /// The number of bytes of a record, as its compressed form claims.
    ///
    /// - Throws: `.corrupt` if so few bytes cannot be the compressed form of so many.
    package static func size(_ claimed: UInt64, from compressed: Int) throws(StoreError) -> Int {
        guard claimed <= UInt64(min(compressed, greatestSize) * greatestRatio), claimed <= UInt64(greatestSize) else {
            throw .corruptRecord("Its compressed form claims a size that it cannot have.")
        }
        return Int(claimed)
    }
}
