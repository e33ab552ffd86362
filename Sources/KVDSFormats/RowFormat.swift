/// A text format for entries. Every entry is read back byte for byte.
package enum RowFormat: String, CaseIterable, Sendable {
    /// One line per entry: key, tab, value, with backslash escapes. See ``TSVCodec``.
    case tsv
    /// RFC 4180 with a header line. A quoted field may contain any byte. See ``CSVCodec``.
    case csv
    /// One JSON object per entry. See ``JSONLinesCodec``.
    case jsonl

    /// The format that the extension of the file names, else tsv.
    package init(path: String) {
        let name = path.split(separator: "/").last ?? ""
        let suffix = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
        self = RowFormat(rawValue: suffix.lowercased()) ?? (suffix.lowercased() == "ndjson" ? .jsonl : .tsv)
    }
}
