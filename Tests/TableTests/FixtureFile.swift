import Foundation
import KVDS

/// A store as text, in the form that `kvds export --format tsv` writes and `kvds import` reads: a line for each entry,
/// with the key, a tab and the value.
enum FixtureFile {
    /// The entries of a file.
    static func entries(_ file: [UInt8]) -> [Entry] {
        file.split(separator: UInt8(ascii: "\n")).map { line in
            let columns = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
            return Entry(key: unescape(columns[0]), value: unescape(columns.count > 1 ? columns[1] : []))
        }
    }

    /// The text of some entries. Every byte that is not printable ASCII is escaped.
    static func text(_ entries: [Entry]) -> String {
        entries.map { "\(escape($0.key))\t\(escape($0.value))\n" }.joined()
    }

    private static func unescape(_ column: ArraySlice<UInt8>) -> Bytes {
        var bytes: [UInt8] = []
        var rest = column
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch kind {
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "x"):
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest.removeFirst(2)
            default: bytes.append(kind)
            }
        }
        return Bytes(bytes)
    }

    private static func escape(_ bytes: Bytes) -> String {
        bytes.map { byte in
            switch byte {
            case UInt8(ascii: "\\"): "\\\\"
            case 9: "\\t"
            case 10: "\\n"
            case 13: "\\r"
            case 0x20...0x7E: String(UnicodeScalar(byte))
            default:
                "\\x" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
