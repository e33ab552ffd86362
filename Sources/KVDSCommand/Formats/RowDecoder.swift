import KVDS

/// Reads the records of a format as entries.
struct RowDecoder {
    /// Which columns of a table are the key and the value, counted from 0.
    private struct Positions {
        var key: Int
        var value: Int
        /// How many columns a row has, where that is known.
        var count: Int?
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let format: RowFormat
    private let key: String
    private let value: String
    private var positions: Positions?

    /// - Parameters:
    ///   - key: which column is the key: its name, or its number from 1. Default: `key` where columns have names, else 1.
    ///   - value: the same for the value. Default: `value`, or 2.
    ///   - hasHeader: whether the first row of a CSV file names the columns.
    /// - Throws: a column that this format cannot have.
    init(_ format: RowFormat, key: String? = nil, value: String? = nil, hasHeader: Bool = true) throws(BadRow) {
        self.format = format
        let isNamed = format == .jsonl || (format == .csv && hasHeader)
        self.key = key ?? (isNamed ? "key" : "1")
        self.value = value ?? (isNamed ? "value" : "2")
        if !isNamed {
            // Columns nobody chose must not be dropped in silence.
            positions = Positions(
                key: try Self.number(self.key), value: try Self.number(self.value),
                count: key == nil && value == nil ? 2 : nil)
        }
    }

    /// - Returns: nil when the record is a header, or a blank line between JSON objects.
    mutating func entry(of record: RecordSplitter.Record) throws(RowError) -> Entry? {
        do throws(BadRow) {
            var bytes = record.bytes
            if format != .tsv, record.line == 1, bytes.starts(with: Self.byteOrderMark) { bytes.removeFirst(3) }
            switch format {
            case .tsv:
                let columns = TSVCodec.columns(of: bytes)
                let (key, value) = try pick(columns)
                return Entry(key: try TSVCodec.unescape(key), value: try TSVCodec.unescape(value))
            case .csv:
                let fields = try CSVCodec.fields(of: bytes)
                guard positions != nil else {
                    positions = try header(fields)
                    return nil
                }
                let (key, value) = try pick(fields)
                return Entry(key: key, value: value)
            case .jsonl:
                if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == .tab || $0 == .carriageReturn }) { return nil }
                return try JSONLinesCodec.entry(of: bytes, JSONLinesCodec.Columns(key: key, value: value))
            }
        } catch {
            throw RowError(line: record.line, message: error.message)
        }
    }

    private func pick<Column>(_ columns: [Column]) throws(BadRow) -> (Column, Column) {
        guard let positions else { throw BadRow("the header is missing") }
        if let count = positions.count, columns.count != count {
            let hint = format == .tsv ? "; choose with --key and --value, and write a tab inside a column as \\t" : ""
            throw BadRow("the number of columns is \(columns.count) instead of \(count)\(hint)")
        }
        let needed = max(positions.key, positions.value)
        guard needed < columns.count else {
            throw BadRow("column \(needed + 1) is missing; the number of columns is \(columns.count)")
        }
        return (columns[positions.key], columns[positions.value])
    }

    private func header(_ names: [Bytes]) throws(BadRow) -> Positions {
        func position(_ column: String) throws(BadRow) -> Int {
            if let index = names.firstIndex(of: Bytes(column)) { return index }
            if let index = try? Self.number(column), index < names.count { return index }
            let known = names.map(\.description).joined(separator: ", ")
            throw BadRow(
                "the header has no column \(column), only \(known); choose with --key and --value, or say --no-header")
        }
        return Positions(key: try position(key), value: try position(value), count: names.count)
    }

    private static func number(_ column: String) throws(BadRow) -> Int {
        guard let number = Int(column), number > 0 else {
            throw BadRow("\(column) is no column here: without a header a column is a number from 1")
        }
        return number - 1
    }
}
