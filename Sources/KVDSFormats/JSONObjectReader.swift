/// Reads the members of one JSON object, as in RFC 8259, one after the other. The bytes must be valid UTF-8.
///
/// The reader checks and skips all values that are not requested. They take no memory, whatever their size: the input
/// is not trusted, and a parsed tree can be many times as large as its line.
struct JSONObjectReader {
    /// Deeper than any real row.
    private static let maximumDepth = 512

    let bytes: [UInt8]
    var at = 0
    private var hasBegun = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the name of the next member; nil at the end of the object. The caller must then read or skip its value.
    mutating func nextName() throws(BadRow) -> String? {
        if !hasBegun {
            hasBegun = true
            skipBlanks()
            guard take("{") else {
                try skipValue()
                throw BadRow("no JSON object; \(Self.example)")
            }
            skipBlanks()
            if take("}") { return try end() }
        } else {
            skipBlanks()
            if take("}") { return try end() }
            guard take(",") else { throw invalid }
        }
        return String(decoding: try name() ?? [], as: UTF8.self)
    }

    /// Reads the next value if it is a string; returns nil if it is not.
    mutating func stringValue() throws(BadRow) -> [UInt8]? {
        skipBlanks()
        guard at < bytes.count, bytes[at] == .quote else { return nil }
        return try string(keeps: true)
    }

    /// Skips the next value of any type.
    mutating func skipValue() throws(BadRow) {
        var open: [UInt8] = []
        while true {
            skipBlanks()
            if let bracket = takeBracket() {
                open.append(bracket)
                if open.count > Self.maximumDepth { throw BadRow("the JSON is nested too deep") }
                skipBlanks()
                if at >= bytes.count || bytes[at] != Self.closing(bracket) {
                    if bracket == UInt8(ascii: "{") { _ = try name(keeps: false) }
                    continue
                }
            } else {
                try skipScalar()
            }
            if try !continues(&open) { return }
        }
    }

    /// Closes the objects and arrays that end after a value.
    ///
    /// - Returns: whether another value follows.
    private mutating func continues(_ open: inout [UInt8]) throws(BadRow) -> Bool {
        while let bracket = open.last {
            skipBlanks()
            if take(",") {
                if bracket == UInt8(ascii: "{") { _ = try name(keeps: false) }
                return true
            }
            guard at < bytes.count, bytes[at] == Self.closing(bracket) else { throw invalid }
            at += 1
            open.removeLast()
        }
        return false
    }

    private mutating func end() throws(BadRow) -> String? {
        skipBlanks()
        if at < bytes.count { throw invalid }
        return nil
    }

    /// Reads the name of a member and the colon after it.
    private mutating func name(keeps: Bool = true) throws(BadRow) -> [UInt8]? {
        skipBlanks()
        let name = try string(keeps: keeps)
        skipBlanks()
        guard take(":") else { throw invalid }
        return name
    }

    private static func closing(_ bracket: UInt8) -> UInt8 {
        bracket == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
    }

    private mutating func takeBracket() -> UInt8? {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "{") || bytes[at] == UInt8(ascii: "[") else { return nil }
        defer { at += 1 }
        return bytes[at]
    }

    private mutating func skipBlanks() {
        while at < bytes.count, bytes[at].isJSONBlank { at += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private static let example = "each line is one object, as in {\"key\":\"a\",\"value\":\"1\"}"
    var invalid: BadRow { BadRow("not valid JSON; \(Self.example)") }
}

extension UInt8 {
    fileprivate var isJSONBlank: Bool {
        self == UInt8(ascii: " ") || self == .tab || self == .newline || self == .carriageReturn
    }
}
