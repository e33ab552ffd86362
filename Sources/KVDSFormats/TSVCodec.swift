import KVDS

/// Tab-separated columns, one row per line, without a header.
///
/// Inside a column, `\t`, `\n`, `\r` and `\\` stand for a tab, a line feed, a carriage return and a backslash, and
/// `\xNN` for any byte. `\xNN` is written for the other control characters and, in a column that is not UTF-8, for all
/// bytes from 0x80:
///
///     photo:9<tab>\x89PNG\r\n
///     note:1<tab>two\tcolumns? No: one.
enum TSVCodec {
    /// Appends a column.
    static func append(_ column: Bytes, to output: inout [UInt8]) {
        let isText = column.isUTF8
        unsafe column.withUnsafeBytes { raw in
            for index in raw.indices {
                let byte = unsafe raw[index]
                switch byte {
                case .tab: output.append(contentsOf: [.backslash, UInt8(ascii: "t")])
                case .newline: output.append(contentsOf: [.backslash, UInt8(ascii: "n")])
                case .carriageReturn: output.append(contentsOf: [.backslash, UInt8(ascii: "r")])
                case .backslash: output.append(contentsOf: [.backslash, .backslash])
                case 0x20...0x7E: output.append(byte)
                case 0x80... where isText: output.append(byte)
                default:
                    output.append(contentsOf: [
                        .backslash, UInt8(ascii: "x"), .hexadecimal(byte >> 4), .hexadecimal(byte & 15),
                    ])
                }
            }
        }
    }

    /// Calls `body` with the number of each column of a line, from 0, and the column, still escaped. Columns are not
    /// collected, because a line can consist of tabs only.
    ///
    /// - Returns: the number of columns.
    static func forEachColumn(of line: [UInt8], _ body: (Int, ArraySlice<UInt8>) -> Void) -> Int {
        var count = 0
        var start = 0
        while true {
            let end = line[start...].firstIndex(of: .tab) ?? line.count
            body(count, line[start..<end])
            count += 1
            if end == line.count { return count }
            start = end + 1
        }
    }

    /// The bytes of an escaped column.
    static func unescape(_ column: ArraySlice<UInt8>) throws(BadRow) -> Bytes {
        guard column.contains(.backslash) else { return Bytes(column) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(column.count)
        var rest = column
        while let byte = rest.popFirst() {
            guard byte == .backslash else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "t"): bytes.append(.tab)
            case UInt8(ascii: "n"): bytes.append(.newline)
            case UInt8(ascii: "r"): bytes.append(.carriageReturn)
            case .backslash: bytes.append(.backslash)
            case UInt8(ascii: "x"):
                guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                    throw BadRow("\\x needs two hexadecimal digits")
                }
                bytes.append(high << 4 | low)
            default: throw BadRow("a backslash must begin \\t, \\n, \\r, \\\\ or \\xNN; write a single one as \\\\")
            }
        }
        return Bytes(bytes)
    }
}

extension Bytes {
    /// Whether the bytes are UTF-8 text.
    var isUTF8: Bool {
        unsafe withUnsafeBytes { unsafe (try? UTF8Span(validating: Span(_bytes: $0.bytes))) != nil }
    }
}

extension UInt8 {
    /// The hexadecimal digit of a number below 16.
    static func hexadecimal(_ number: UInt8) -> UInt8 {
        number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "a") + (number - 10)
    }

    /// The value of a hexadecimal digit; nil for any other byte.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
