/// How entries are written as text. What is written in any of these is read back byte for byte.
package enum RowFormat: String, CaseIterable, Sendable {
    /// One line an entry: key, tab, value, with backslash escapes. See ``TSVCodec``.
    case tsv
    /// RFC 4180 with a header line; any byte may stand between quotes. See ``CSVCodec``.
    case csv
    /// One JSON object an entry. See ``JSONLinesCodec``.
    case jsonl

    /// The format a file's extension names, else tsv.
    package init(path: String) {
        let name = path.split(separator: "/").last ?? ""
        let suffix = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
        self = RowFormat(rawValue: suffix.lowercased()) ?? (suffix.lowercased() == "ndjson" ? .jsonl : .tsv)
    }
}
