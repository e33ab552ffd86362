import KVDS

/// Reads a JSON object whose members of interest are strings, and checks that the rest is JSON too.
///
/// It is a reader of its own because rows need no tree, and because it must say what is wrong whatever it is given.
struct JSONReader {
    private static let maximumDepth = 256

    let text: [UInt8]
    var at = 0

    /// - Parameter text: valid UTF-8.
    init(_ text: [UInt8]) { self.text = text }

    /// Reads the object, which must be all there is, and fills in the members that `wanted` has a place for.
    mutating func readObject(into wanted: inout [Bytes: Bytes?]) throws(BadRow) {
        guard take("{") else {
            throw BadRow("not a JSON object; each line is one, as in {\"key\":\"a\",\"value\":\"1\"}")
        }
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
        guard
            word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) || word.elementsEqual("null".utf8)
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
    mutating func peek() -> UInt8? {
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: " "), .tab, .newline, .carriageReturn: at += 1
            default: return text[at]
            }
        }
        return nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: scalar) else { return false }
        at += 1
        return true
    }

    mutating func expect(_ scalar: Unicode.Scalar) throws(BadRow) {
        if !take(scalar) { throw invalid("\(scalar) is missing") }
    }

    func invalid(_ what: String) -> BadRow { BadRow("not valid JSON at byte \(at + 1): \(what)") }
}
