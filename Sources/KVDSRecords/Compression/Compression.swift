/// How a table compresses the records that it writes. Declared in the table:
///
/// ```swift
/// import KVDSCompression
///
/// let users = Table<User>("users", key: \.id) {
///     Compression.zstandard(level: 3, minimumSize: 64)
/// }
/// ```
///
/// The module `KVDSCompression` makes the values of this type: `Compression.lz4`, `Compression.zstandard`, and
/// `Compression.none`, which compresses nothing. This module alone needs no C library.
///
/// A table that declares any of them reads all kinds of compressed records and those that are not compressed. So the
/// declaration may change at any time: it decides only how records are written. A table that declares none cannot read
/// compressed records; reading one throws `.missingCompression`.
public struct Compression: Sendable {
    package let codec: any RecordCodec
    /// Records of fewer bytes are not compressed.
    package let minimumSize: Int

    package init(_ codec: any RecordCodec, minimumSize: Int) {
        self.codec = codec
        self.minimumSize = minimumSize
    }
}
