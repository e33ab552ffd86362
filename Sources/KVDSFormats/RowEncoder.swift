package import KVDS

/// Encodes entries as rows.
package struct RowEncoder {
    package enum Style {
        /// Key, tab and value, unchanged.
        case raw
        /// A format that can be read back.
        case format(RowFormat)
    }

    private let style: Style
    private let keysOnly: Bool

    package init(style: Style, keysOnly: Bool = false) {
        self.style = style
        self.keysOnly = keysOnly
    }

    /// Appends the header, if the format has one.
    package func appendHeader(to output: inout [UInt8]) {
        if case .format(.csv) = style { output.append(contentsOf: (keysOnly ? "key\n" : "key,value\n").utf8) }
    }

    package func append(_ entry: Entry, to output: inout [UInt8]) throws {
        switch style {
        case .raw:
            output.append(raw: entry.key)
            if !keysOnly {
                output.append(.tab)
                output.append(raw: entry.value)
            }
        case .format(.tsv):
            TSVCodec.append(entry.key, to: &output)
            if !keysOnly {
                output.append(.tab)
                TSVCodec.append(entry.value, to: &output)
            }
        case .format(.csv):
            CSVCodec.append(entry.key, to: &output)
            if !keysOnly {
                output.append(.comma)
                CSVCodec.append(entry.value, to: &output)
            }
        case .format(.jsonl):
            try JSONLinesCodec.append(entry, keysOnly: keysOnly, to: &output)
        }
        output.append(.newline)
    }
}
