import KVDS

/// Comma-separated fields, as in RFC 4180.
///
/// A field is quoted if it contains a comma, a quote, a space, a line break, a control character or a byte from 0x80.
/// Between quotes, a quote is doubled and every other byte stands for itself. Rows are written with a line feed, as
/// line-based tools expect, and are read with or without a carriage return before it.
enum CSVCodec {
    /// Appends a field.
    static func append(_ field: Bytes, to output: inout [UInt8]) {
        unsafe field.withUnsafeBytes { raw in
            let isPlain = unsafe raw.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && byte != .comma && byte != .quote
            }
            if isPlain { return unsafe output.append(contentsOf: raw) }
            output.append(.quote)
            for index in raw.indices {
                let byte = unsafe raw[index]
                if byte == .quote { output.append(.quote) }
                output.append(byte)
            }
            output.append(.quote)
        }
    }

    /// Calls `body` with the number of each field of a row, from 0, and the field. The row must have no line end.
    /// Fields are not collected, because a row can consist of commas only.
    ///
    /// - Returns: the number of fields.
    static func forEachField(of row: [UInt8], _ body: (Int, Bytes) -> Void) throws(BadRow) -> Int {
        var count = 0
        var at = 0
        while true {
            if at < row.count, row[at] == .quote {
                body(count, try quoted(row, &at))
            } else {
                let end = row[at...].firstIndex { $0 == .comma || $0 == .quote } ?? row.count
                if end < row.count, row[end] == .quote {
                    throw BadRow(
                        "a quote in an unquoted field; put the field in quotes and double this quote")
                }
                body(count, Bytes(row[at..<end]))
                at = end
            }
            count += 1
            if at == row.count { return count }
            if row[at] != .comma { throw BadRow("text after a closing quote; double a quote inside quotes") }
            at += 1
        }
    }

    /// The field whose opening quote is at `at`. Moves `at` behind the closing quote.
    private static func quoted(_ row: [UInt8], _ at: inout Int) throws(BadRow) -> Bytes {
        var field: [UInt8] = []
        var start = at + 1
        while let end = row[start...].firstIndex(of: .quote) {
            field.append(contentsOf: row[start..<end])
            start = end + 1
            guard start < row.count, row[start] == .quote else {
                at = start
                return Bytes(field)
            }
            field.append(.quote)
            start += 1
        }
        throw BadRow("the quotes that open here are never closed")
    }
}
