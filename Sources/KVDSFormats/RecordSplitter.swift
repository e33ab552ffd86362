/// Splits a stream of bytes, which arrives in chunks of any size, into the records of a format.
///
/// A record is a line, except that in CSV a line feed between quotes belongs to its field. Each byte is examined once,
/// and only the current record is kept.
package struct RecordSplitter {
    /// A record without its line end, and the number of the line on which it begins.
    package struct Record: Equatable {
        package var bytes: [UInt8]
        package var line: Int
    }

    /// The position of the next byte in a CSV row.
    private enum Place { case fieldStart, plain, quoted, afterQuote }

    /// The maximum length of a record in bytes. Without it, unclosed quotes could fill the memory.
    static let maximumRecordLength = 1 << 30

    private let format: RowFormat
    private var buffer: [UInt8] = []
    /// The start of the current record in the buffer.
    private var start = 0
    /// The end of the examined bytes.
    private var scanned = 0
    private var place = Place.fieldStart
    /// The line on which the current record begins, and the number of line feeds in it so far.
    private var line = 1
    private var lineFeeds = 0

    package init(_ format: RowFormat) { self.format = format }

    package mutating func append(_ chunk: ArraySlice<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(..<start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: chunk)
    }

    /// The next complete record; nil when more bytes are needed.
    package mutating func next() throws(RowError) -> Record? {
        guard let end = format == .csv ? findRowEnd() : findLineEnd() else {
            if buffer.count - start > Self.maximumRecordLength {
                throw RowError(line: line, message: "the row is longer than \(Self.maximumRecordLength) bytes")
            }
            return nil
        }
        return cut(at: end)
    }

    /// The rest of the stream after its end: a last record without a line feed.
    package mutating func finish() -> Record? {
        start < buffer.count ? cut(at: buffer.count) : nil
    }

    private mutating func cut(at end: Int) -> Record {
        var bytes = Array(buffer[start..<end])
        if bytes.last == .carriageReturn { bytes.removeLast() }
        let record = Record(bytes: bytes, line: line)
        start = min(end + 1, buffer.count)
        scanned = start
        line += lineFeeds + 1
        lineFeeds = 0
        place = .fieldStart
        return record
    }

    private mutating func findLineEnd() -> Int? {
        let end = buffer[scanned...].firstIndex(of: .newline)
        if end == nil { scanned = buffer.count }
        return end
    }

    private mutating func findRowEnd() -> Int? {
        while scanned < buffer.count {
            let byte = buffer[scanned]
            if byte == .newline {
                if place != .quoted { return scanned }
                lineFeeds += 1
            }
            switch (place, byte) {
            case (.fieldStart, .quote), (.afterQuote, .quote): place = .quoted
            case (.quoted, .quote): place = .afterQuote
            case (.quoted, _): break
            case (_, .comma): place = .fieldStart
            default: place = .plain
            }
            scanned += 1
        }
        return nil
    }
}
