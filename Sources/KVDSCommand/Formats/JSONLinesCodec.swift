import KVDS

/// One JSON object a line: `{"key":"user:42","value":"ada"}`.
///
/// Bytes that are not UTF-8 go into a field of their own as Base64: `{"key":"photo:9","value_base64":"iVBORw=="}`. Other
/// fields are ignored when rows are read.
enum JSONLinesCodec {
    private static let base64Suffix = "_base64"

    /// Appends `"name":"…"`, or `"name_base64":"…"` where the bytes are not text.
    static func append(_ name: String, _ bytes: Bytes, to output: inout [UInt8]) {
        let isText = bytes.isUTF8
        appendString(Bytes(isText ? name : name + base64Suffix), to: &output)
        output.append(UInt8(ascii: ":"))
        if isText {
            appendString(bytes, to: &output)
        } else {
            output.append(.quote)
            Base64.append(bytes, to: &output)
            output.append(.quote)
        }
    }

    /// Appends UTF-8 text as a JSON string.
    static func appendString(_ text: Bytes, to output: inout [UInt8]) {
        output.append(.quote)
        unsafe text.withUnsafeBytes { raw in
            for index in raw.indices {
                let byte = unsafe raw[index]
                switch byte {
                case .quote, .backslash: output.append(contentsOf: [.backslash, byte])
                case .newline: output.append(contentsOf: [.backslash, UInt8(ascii: "n")])
                case .tab: output.append(contentsOf: [.backslash, UInt8(ascii: "t")])
                case .carriageReturn: output.append(contentsOf: [.backslash, UInt8(ascii: "r")])
                case 0..<0x20, 0x7F:
                    output.append(contentsOf: "\\u00".utf8)
                    output.append(contentsOf: [.hexadecimal(byte >> 4), .hexadecimal(byte & 15)])
                default: output.append(byte)
                }
            }
        }
        output.append(.quote)
    }

    /// The entry of a line.
    ///
    /// - Parameters:
    ///   - key: the name of the field that is the key.
    ///   - value: the name of the field that is the value.
    static func entry(of line: [UInt8], key: String, value: String) throws(BadRow) -> Entry {
        guard Bytes(line).isUTF8 else { throw BadRow("the line is not UTF-8") }
        var wanted: [Bytes: Bytes?] = [:]
        for name in [key, value] {
            wanted[Bytes(name)] = .some(nil)
            wanted[Bytes(name + base64Suffix)] = .some(nil)
        }
        var reader = JSONReader(line)
        try reader.readObject(into: &wanted)
        return Entry(key: try field(key, wanted), value: try field(value, wanted))
    }

    private static func field(_ name: String, _ found: [Bytes: Bytes?]) throws(BadRow) -> Bytes {
        let text = found[Bytes(name)] ?? nil
        let base64 = found[Bytes(name + base64Suffix)] ?? nil
        switch (text, base64) {
        case (let text?, nil): return text
        case (nil, let base64?):
            guard let bytes = Base64.decode(base64) else {
                throw BadRow("the field \(name)\(base64Suffix) is not Base64")
            }
            return bytes
        case (nil, nil): throw BadRow("there is no field \(name) or \(name)\(base64Suffix)")
        case (_?, _?): throw BadRow("there are both a field \(name) and a field \(name)\(base64Suffix)")
        }
    }
}
