import KVDS

/// A row of fields that are text.
package enum FieldRow {
    /// The fields with tabs between them. Tabs, line ends and backslashes are escaped as in exported files.
    package static func text(_ fields: [String]) -> String {
        var output: [UInt8] = []
        for (position, field) in fields.enumerated() {
            if position > 0 { output.append(.tab) }
            TSVCodec.append(Bytes(field), to: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The fields as a row of RFC 4180.
    package static func csv(_ fields: [String]) -> String {
        var output: [UInt8] = []
        for (position, field) in fields.enumerated() {
            if position > 0 { output.append(.comma) }
            CSVCodec.append(Bytes(field), to: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
