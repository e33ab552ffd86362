package import KVDS

/// Decodes the records of a format as entries.
package struct RowDecoder {
    /// The columns of the key and the value, counted from 0.
    private struct Positions {
        var key: Int
        var value: Int
        /// The number of columns of every row, if it is known.
        var count: Int?
    }

    /// The columns of the key and the value in one row.
    private struct Picked<Column> {
        let positions: Positions
        var key: Column?
        var value: Column?

        init(_ positions: Positions) { self.positions = positions }

        mutating func offer(_ column: Column, at index: Int) {
            if index == positions.key { key = column }
            if index == positions.value { value = column }
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let format: RowFormat
    private let key: String
    private let value: String
    private var positions: Positions?

    /// - Parameters:
    ///   - key: the column of the key: its name, or its number from 1. Default: `key` if columns have names, else 1.
    ///   - value: the column of the value, in the same way. Default: `value`, or 2.
    ///   - hasHeader: whether the first row of a CSV file names the columns.
    /// - Throws: `BadRow` for a column that this format cannot have.
    package init(_ format: RowFormat, key: String? = nil, value: String? = nil, hasHeader: Bool = true) throws(BadRow) {
        self.format = format
        let isNamed = format == .jsonl || (format == .csv && hasHeader)
        self.key = key ?? (isNamed ? "key" : "1")
        self.value = value ?? (isNamed ? "value" : "2")
        if !isNamed {
            // If no columns were chosen, a row with more than two must not lose the others silently.
            positions = Positions(
                key: try Self.number(self.key), value: try Self.number(self.value),
                count: key == nil && value == nil ? 2 : nil)
        }
    }

    /// - Returns: nil when the record is a header, or a blank line between JSON objects.
    package mutating func entry(of record: RecordSplitter.Record) throws(RowError) -> Entry? {
        do throws(BadRow) {
            var bytes = record.bytes
            if format != .tsv, record.line == 1, bytes.starts(with: Self.byteOrderMark) { bytes.removeFirst(3) }
            switch format {
            case .tsv:
                let positions = try foundPositions
                var columns = Picked<ArraySlice<UInt8>>(positions)
                let count = TSVCodec.forEachColumn(of: bytes) { columns.offer($1, at: $0) }
                let (key, value) = try pick(columns, of: count)
                return Entry(key: try TSVCodec.unescape(key), value: try TSVCodec.unescape(value))
            case .csv:
                guard let positions else {
                    positions = try header(bytes)
                    return nil
                }
                var fields = Picked<Bytes>(positions)
                let count = try CSVCodec.forEachField(of: bytes) { fields.offer($1, at: $0) }
                let (key, value) = try pick(fields, of: count)
                return Entry(key: key, value: value)
            case .jsonl:
                if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == .tab || $0 == .carriageReturn }) { return nil }
                return try JSONLinesCodec.entry(of: bytes, JSONLinesCodec.Columns(key: key, value: value))
            }
        } catch {
            throw RowError(line: record.line, message: error.message)
        }
    }

    private var foundPositions: Positions {
        get throws(BadRow) {
            guard let positions else { throw BadRow("the header is missing") }
            return positions
        }
    }

    private func pick<Column>(_ columns: Picked<Column>, of count: Int) throws(BadRow) -> (Column, Column) {
        let positions = columns.positions
        if let expected = positions.count, count != expected {
            let hint = format == .tsv ? "; choose with --key and --value, and write a tab inside a column as \\t" : ""
            throw BadRow("the number of columns is \(count) instead of \(expected)\(hint)")
        }
        guard let key = columns.key, let value = columns.value else {
            throw BadRow(
                "column \(max(positions.key, positions.value) + 1) is missing; the number of columns is \(count)")
        }
        return (key, value)
    }

    /// Reads the columns from the first row of a CSV file. An error message does not quote that row: in a file without
    /// a header it is an entry.
    private func header(_ row: [UInt8]) throws(BadRow) -> Positions {
        let (keyName, valueName) = (Bytes(key), Bytes(value))
        var (keyPosition, valuePosition): (Int?, Int?)
        let count = try CSVCodec.forEachField(of: row) { index, name in
            if keyPosition == nil, name == keyName { keyPosition = index }
            if valuePosition == nil, name == valueName { valuePosition = index }
        }
        func position(_ found: Int?, _ column: String) throws(BadRow) -> Int {
            if let found { return found }
            if let index = try? Self.number(column), index < count { return index }
            throw BadRow(
                "the header has no column \(column) among its \(count); choose with --key and --value, or add --no-header"
            )
        }
        return Positions(
            key: try position(keyPosition, key), value: try position(valuePosition, value), count: count)
    }

    private static func number(_ column: String) throws(BadRow) -> Int {
        guard let number = Int(column), number > 0 else {
            throw BadRow("\(column) is not a column number; without a header, columns are numbered from 1")
        }
        return number - 1
    }
}
