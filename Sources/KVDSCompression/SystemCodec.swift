import KVDS
import KVDSRecords

/// Compresses with the LZ4 and Zstandard libraries of the system. Every codec reads all forms; its own form is for new
/// records.
final class SystemCodec: RecordCodec {
    let form: RecordForm
    private let level: Int32
    private let compressors = ContextPool<ZstandardCompressor>()
    /// Shared, because a decompressor has no settings.
    private static let decompressors = ContextPool<ZstandardDecompressor>()

    init(_ form: RecordForm, level: Int) {
        self.form = form
        self.level = Int32(clamping: level)
    }

    func compress(
        _ record: RawSpan, as form: RecordForm, with dictionary: (any RecordDictionary)?, room: Int,
        to writer: ByteWriter
    ) -> Bool {
        switch form {
        case .plain: return false
        case .lz4: return LZ4.compress(record, level: self.form == .lz4 ? level : 1, room: room, to: writer)
        case .zstandard, .zstandardWithDictionary:
            let dictionary = (dictionary as? ZstandardDictionary)?.compression
            if form == .zstandardWithDictionary, dictionary == nil { return false }
            guard let compressor = compressors.take() ?? ZstandardCompressor(level: level) else { return false }
            defer { compressors.put(compressor) }
            return compressor.compress(record, with: dictionary, room: room, to: writer)
        }
    }

    func decompress(
        _ content: Bytes, as form: RecordForm, size: Int, with dictionary: (any RecordDictionary)?
    ) throws(StoreError) -> Bytes {
        switch form {
        case .plain: return content
        case .lz4: return try LZ4.decompress(content, size: size)
        case .zstandard, .zstandardWithDictionary:
            guard let decompressor = Self.decompressors.take() ?? ZstandardDecompressor() else { throw .noMemory }
            defer { Self.decompressors.put(decompressor) }
            return try decompressor.decompress(content, with: (dictionary as? ZstandardDictionary)?.decompression)
        }
    }

    func prepare(_ dictionary: Bytes, forWriting: Bool) throws(StoreError) -> any RecordDictionary {
        try ZstandardDictionary(dictionary, level: forWriting ? level : nil)
    }

    func train(_ samples: [Bytes], capacity: Int) throws(StoreError) -> Bytes {
        try ZstandardTraining.dictionary(from: samples, capacity: capacity)
    }
}

extension StoreError {
    /// The library could not allocate memory.
    static let noMemory = StoreError(.ioFailure, "There is no memory to decompress a record.")

    static func damaged(_ problem: String) -> StoreError {
        StoreError(.corrupt, "A stored record is damaged. Its compressed form cannot be read: \(problem).")
    }
}
