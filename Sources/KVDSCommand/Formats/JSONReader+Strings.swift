import KVDS

/// Strings and their escapes.
extension JSONReader {
    mutating func readString() throws(BadRow) -> Bytes {
        try expect("\"")
        var bytes: [UInt8] = []
        while true {
            guard let end = text[at...].firstIndex(where: { $0 == .quote || $0 == .backslash || $0 < 0x20 }) else {
                throw invalid("a string is never closed")
            }
            bytes.append(contentsOf: text[at..<end])
            at = end + 1
            switch text[end] {
            case .quote: return Bytes(bytes)
            case .backslash: try readEscape(into: &bytes)
            default: throw invalid("a control character in a string; escape it")
            }
        }
    }

    private mutating func readEscape(into bytes: inout [UInt8]) throws(BadRow) {
        guard at < text.count else { throw invalid("a string is never closed") }
        let escape = text[at]
        at += 1
        switch escape {
        case .quote, .backslash, UInt8(ascii: "/"): bytes.append(escape)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(.newline)
        case UInt8(ascii: "r"): bytes.append(.carriageReturn)
        case UInt8(ascii: "t"): bytes.append(.tab)
        case UInt8(ascii: "u"): bytes.append(contentsOf: String(try readScalar()).utf8)
        default: throw invalid("no escape begins with this backslash")
        }
    }

    /// The character behind `\u`: one unit, or a surrogate pair.
    private mutating func readScalar() throws(BadRow) -> Unicode.Scalar {
        let first = try readUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if UTF16.isLeadSurrogate(first), text[at...].starts(with: "\\u".utf8) {
            at += 2
            let second = try readUnit()
            if UTF16.isTrailSurrogate(second) {
                let number = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                if let scalar = Unicode.Scalar(number) { return scalar }
            }
        }
        throw invalid("half of a surrogate pair; put bytes that are not text in Base64")
    }

    private mutating func readUnit() throws(BadRow) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard at < text.count, let digit = text[at].hexadecimalValue else {
                throw invalid("\\u needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }
}
