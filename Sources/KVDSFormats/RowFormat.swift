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

/// What is wrong with a row; who reads the rows knows which line it is.
package struct BadRow: Error, Equatable {
    package var message: String
    package init(_ message: String) { self.message = message }
}

/// A row that cannot be read, and where it is.
package struct RowError: Error, Equatable {
    package var line: Int
    package var message: String

    package init(line: Int, message: String) {
        self.line = line
        self.message = message
    }
}
