import KVDS

/// Reads a JSON object whose members of interest are strings, and checks that the rest is JSON too.
///
/// It is a reader of its own because rows need no tree, and because it must say what is wrong whatever it is given.
struct JSONReader {
    private static let maximumDepth = 256

    private let text: [UInt8]
    private var at = 0

    /// - Parameter text: valid UTF-8.
    init(_ text: [UInt8]) { self.text = text }

    /// Reads the object, which must be all there is, and fills in the members that `wanted` has a place for.
    mutating func readObject(into wanted: inout [Bytes: Bytes?]) throws(BadRow) {
        guard take("{") else { throw BadRow("not a JSON object; each line is one, as in {\"key\":\"a\",\"value\":\"1\"}") }
        if !take("}") {
            repeat {
                let name = try readString()
                try expect(":")
                if let known = wanted[name] {
                    if known != nil { throw BadRow("the field \(name) is there twice") }
                    guard peek() == .quote else { throw BadRow("the field \(name) is not a string") }
                    wanted[name] = .some(try readString())
                } else {
                    try skipValue(depth: 1)
                }
            } while take(",")
            try expect("}")
        }
        if peek() != nil { throw invalid("text after the object") }
    }

    private mutating func skipValue(depth: Int) throws(BadRow) {
        if depth > Self.maximumDepth { throw invalid("more than \(Self.maximumDepth) levels") }
        switch peek() {
        case .quote: _ = try readString()
        case UInt8(ascii: "{"): try skipList(closing: "}", depth: depth, named: true)
        case UInt8(ascii: "["): try skipList(closing: "]", depth: depth, named: false)
        default: try skipScalar()
        }
    }

    private mutating func skipList(closing: Unicode.Scalar, depth: Int, named: Bool) throws(BadRow) {
        at += 1
        if take(closing) { return }
        repeat {
            if named {
                _ = try readString()
                try expect(":")
            }
            try skipValue(depth: depth + 1)
        } while take(",")
        try expect(closing)
    }

    private mutating func skipScalar() throws(BadRow) {
        let word = text[at...].prefix { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) || word.elementsEqual("null".utf8)
            || Self.isNumber(word)
        else { throw invalid("a value is missing or misspelt") }
        at = word.endIndex
    }

    /// `-`? digits without a leading zero, then a fraction, then an exponent.
    private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        func takeDigits() -> Int {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest[digits.endIndex...]
            return digits.count
        }
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let digits = takeDigits()
        if digits == 0 || (startsWithZero && digits > 1) { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            if takeDigits() == 0 { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            if takeDigits() == 0 { return false }
        }
        return rest.isEmpty
    }
}

extension JSONReader {
    /// The next byte that is no white space, which is skipped.
    private mutating func peek() -> UInt8? {
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: " "), .tab, .newline, .carriageReturn: at += 1
            default: return text[at]
            }
        }
        return nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: scalar) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(BadRow) {
        if !take(scalar) { throw invalid("\(scalar) is missing") }
    }

    private func invalid(_ what: String) -> BadRow { BadRow("not valid JSON at byte \(at + 1): \(what)") }

    private mutating func readString() throws(BadRow) -> Bytes {
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
            guard at < text.count, let digit = text[at].hexadecimalValue else { throw invalid("\\u needs four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }
}
