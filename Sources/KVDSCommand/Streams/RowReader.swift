import KVDS
import KVDSFormats

/// The entries of a file, read in chunks.
struct RowReader {
    private static let chunkLength = 128 << 10

    private let source: Descriptor
    private var splitter: RecordSplitter
    private var decoder: RowDecoder
    private var chunk = [UInt8](repeating: 0, count: RowReader.chunkLength)
    private var hasEnded = false
    /// The number of bytes read so far.
    private(set) var byteCount = 0
    /// The line on which the last entry began.
    private(set) var line = 0

    init(_ source: Descriptor, _ format: RowFormat, _ decoder: RowDecoder) {
        self.source = source
        self.splitter = RecordSplitter(format)
        self.decoder = decoder
    }

    /// The next entry; nil at the end.
    ///
    /// - Throws: `RowError` for a bad row, `StoreError` when the file cannot be read.
    mutating func next() throws -> Entry? {
        while let record = try nextRecord() {
            line = record.line
            if let entry = try decoder.entry(of: record) { return entry }
        }
        return nil
    }

    private mutating func nextRecord() throws -> RecordSplitter.Record? {
        while true {
            if let record = try splitter.next() { return record }
            if hasEnded { return splitter.finish() }
            let count = try source.read(into: &chunk)
            byteCount += count
            hasEnded = count == 0
            splitter.append(chunk[..<count])
        }
    }
}
