/// Strings, numbers, `true`, `false` and `null`.
extension JSONObjectReader {
    /// Reads a string.
    ///
    /// - Returns: its bytes without quotes and with escapes replaced; nothing if `keeps` is false.
    mutating func string(keeps: Bool) throws(BadRow) -> [UInt8] {
        guard take("\"") else { throw invalid }
        var text: [UInt8] = []
        while at < bytes.count {
            let start = at
            while at < bytes.count, bytes[at] >= 0x20, bytes[at] != .quote, bytes[at] != .backslash { at += 1 }
            if keeps { text.append(contentsOf: bytes[start..<at]) }
            if take("\"") { return text }
            guard take("\\") else { throw invalid }
            let character = try escape()
            if keeps { text.append(contentsOf: Character(character).utf8) }
        }
        throw invalid
    }

    /// Reads the rest of an escape, after the backslash.
    private mutating func escape() throws(BadRow) -> Unicode.Scalar {
        guard at < bytes.count else { throw invalid }
        let byte = bytes[at]
        at += 1
        switch byte {
        case .quote, .backslash, UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw invalid
        }
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // This is a surrogate, the first of a pair.
        guard 0xD800..<0xDC00 ~= first, take("\\"), take("u"), case let second = try unit(), 0xDC00..<0xE000 ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw invalid }
        return scalar
    }

    /// Reads four hexadecimal digits.
    private mutating func unit() throws(BadRow) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count, let digit = bytes[at].hexadecimalValue else { throw invalid }
            number = number << 4 | UInt32(digit)
            at += 1
        }
        return number
    }

    mutating func skipScalar() throws(BadRow) {
        guard at < bytes.count else { throw invalid }
        switch bytes[at] {
        case .quote: _ = try string(keeps: false)
        case UInt8(ascii: "t"): try skip("true")
        case UInt8(ascii: "f"): try skip("false")
        case UInt8(ascii: "n"): try skip("null")
        default: try skipNumber()
        }
    }

    private mutating func skip(_ word: StaticString) throws(BadRow) {
        for character in "\(word)".unicodeScalars {
            guard take(character) else { throw invalid }
        }
    }

    private mutating func skipNumber() throws(BadRow) {
        _ = take("-")
        if !take("0") { try skipDigits() }
        if take(".") { try skipDigits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try skipDigits()
        }
    }

    /// Skips one digit or more.
    private mutating func skipDigits() throws(BadRow) {
        let start = at
        while at < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[at] { at += 1 }
        if at == start { throw invalid }
    }
}
