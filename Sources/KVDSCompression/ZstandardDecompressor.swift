import CZstd
import KVDS
import KVDSRecords

/// A context that decompresses one record after the other.
///
/// `@unchecked Sendable` is right because ``ContextPool`` gives a context to one caller at a time; `@safe` because the
/// context is made and freed here, and goes nowhere else.
@safe
final class ZstandardDecompressor: @unchecked Sendable {
    private let context: OpaquePointer

    /// - Returns: nil if there is no memory.
    init?() {
        guard let context = unsafe ZSTD_createDCtx() else { return nil }
        unsafe self.context = context
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    /// - Parameter stored: a frame without its magic number. It must say how many bytes it contains.
    /// - Throws: `.corrupt` if the bytes are not one whole frame.
    func decompress(_ stored: Bytes, with dictionary: DecompressionDictionary?) throws(StoreError) -> Bytes {
        let result: Result<Bytes, StoreError> = unsafe stored.withUnsafeBytes { stored in
            unsafe ZstandardFrame.withWhole(stored) { frame in
                Result { () throws(StoreError) in try unsafe decompress(frame, dictionary) }
            }
        }
        return try result.get()
    }

    private func decompress(
        _ frame: UnsafeRawBufferPointer, _ dictionary: DecompressionDictionary?
    ) throws(StoreError) -> Bytes {
        // Two frames would be decompressed one after the other, and neither tells the size of the whole.
        guard unsafe ZSTD_findFrameCompressedSize(frame.baseAddress, frame.count) == frame.count else {
            throw .damaged("it is not one whole frame of Zstandard")
        }
        // A frame that does not say its size, and one that is damaged, give the two greatest numbers.
        let claimed = unsafe ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        let size = try RecordForm.size(claimed, from: frame.count - ZstandardFrame.magicNumber.count)
        var written = 0
        let record = unsafe Bytes(count: size) { target in
            // Writes at most `size` bytes, whatever the frame contains. It allocates nothing.
            written = unsafe ZSTD_decompress_usingDDict(
                context, target.baseAddress, size, frame.baseAddress, frame.count, dictionary?.pointer)
        }
        // The dictionary must live until the end of the call.
        withExtendedLifetime(dictionary) {}
        if ZSTD_isError(written) != 0 { throw .damaged(unsafe String(cString: ZSTD_getErrorName(written))) }
        guard written == size else { throw .damaged("it is shorter than it says") }
        return record
    }
}
