import CZstd
import KVDS
import KVDSRecords

/// A dictionary that is ready for use. Any number of contexts use it at the same time.
final class ZstandardDictionary: RecordDictionary {
    /// Nil if the dictionary is only for reading.
    let compression: CompressionDictionary?
    let decompression: DecompressionDictionary

    /// - Parameter level: the level to compress with; nil if the dictionary is only for reading.
    /// - Throws: `.corrupt` if the bytes are not a dictionary that was trained.
    init(_ bytes: Bytes, level: Int32?) throws(StoreError) {
        // Without a dictionary's id, the library would take any bytes for the content of a dictionary.
        let id = unsafe bytes.withUnsafeBytes { unsafe ZSTD_getDictID_fromDict($0.baseAddress, $0.count) }
        guard id != 0, let decompression = DecompressionDictionary(bytes) else {
            throw .damaged("it is no dictionary of Zstandard")
        }
        self.decompression = decompression
        compression = try level.map { level throws(StoreError) in
            guard let compression = CompressionDictionary(bytes, level: level) else {
                throw .damaged("it is no dictionary of Zstandard")
            }
            return compression
        }
    }
}

/// A dictionary for compressing, with the tables of one level.
///
/// `@unchecked Sendable` is right because the library only reads it after it was made; `@safe` because it is made and
/// freed here, and contexts refer to it only during a call.
@safe
final class CompressionDictionary: @unchecked Sendable {
    let pointer: OpaquePointer

    init?(_ bytes: Bytes, level: Int32) {
        // The library copies the bytes.
        let pointer = unsafe bytes.withUnsafeBytes { unsafe ZSTD_createCDict($0.baseAddress, $0.count, level) }
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = pointer
    }

    deinit { unsafe ZSTD_freeCDict(pointer) }
}

/// A dictionary for decompressing.
///
/// `@unchecked Sendable` and `@safe` are right for the reasons of ``CompressionDictionary``.
@safe
final class DecompressionDictionary: @unchecked Sendable {
    let pointer: OpaquePointer

    init?(_ bytes: Bytes) {
        // The library copies the bytes.
        let pointer = unsafe bytes.withUnsafeBytes { unsafe ZSTD_createDDict($0.baseAddress, $0.count) }
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = pointer
    }

    deinit { unsafe ZSTD_freeDDict(pointer) }
}
