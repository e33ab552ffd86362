import CZstd
import KVDSRecords

/// A context that compresses one record after the other.
///
/// `@unchecked Sendable` is right because ``ContextPool`` gives a context to one caller at a time; `@safe` because the
/// context is made and freed here, and goes nowhere else.
@safe
final class ZstandardCompressor: @unchecked Sendable {
    private let context: OpaquePointer

    /// - Returns: nil if there is no memory.
    init?(level: Int32) {
        guard let context = unsafe ZSTD_createCCtx() else { return nil }
        unsafe self.context = context
        // The library takes the nearest level that it has.
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        // The version of the dictionary is in the header of the record.
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0)
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// - Returns: whether a frame was appended to `writer`, without its magic number; not if it needs more than `room`
    ///   bytes.
    func compress(_ record: RawSpan, with dictionary: CompressionDictionary?, room: Int, to writer: ByteWriter) -> Bool
    {
        // The checksum finds a wrong dictionary, with which a frame would decompress to other bytes. ZSTD_compress2 is
        // the function that obeys these parameters; they apply until they are changed.
        // A call that failed, such as for a record that did not fit, leaves the context in the middle of a frame. It
        // then refuses other parameters and another dictionary, so the frame is ended first, and both are checked.
        let results = unsafe [
            ZSTD_CCtx_reset(context, ZSTD_reset_session_only),
            ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, dictionary == nil ? 0 : 1),
            ZSTD_CCtx_refCDict(context, dictionary?.pointer),
        ]
        guard results.allSatisfy({ ZSTD_isError($0) == 0 }) else { return false }
        // The dictionary must live until the end of the call.
        defer { withExtendedLifetime(dictionary) {} }
        let magic = ZstandardFrame.magicNumber.count
        return unsafe record.withUnsafeBytes { source in
            unsafe writer.append(atMost: room + magic) { target in
                let count = unsafe ZSTD_compress2(
                    context, target.baseAddress, target.count, source.baseAddress, source.count)
                guard ZSTD_isError(count) == 0, count > magic else { return nil }
                let frame = unsafe UnsafeRawBufferPointer(rebasing: target[magic..<count])
                unsafe target.copyMemory(from: frame)
                return frame.count
            }
        }
    }
}
