import KVDS

/// A part of a filter that is written as text.
enum FilterToken: Hashable, Sendable {
    case name(String)
    case number(String)
    case string(String)
    /// An operator, a bracket or a comma.
    case symbol(String)

    /// The parts of a text.
    ///
    /// - Throws: `.invalidArgument` at the first character that begins no part.
    static func tokens(of text: String) throws(StoreError) -> [FilterToken] {
        var rest = text[...]
        var tokens: [FilterToken] = []
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first == "\"" {
                tokens.append(.string(try string(&rest)))
            } else if first.isLetter || first == "_" {
                tokens.append(.name(String(take(&rest) { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })))
            } else if first.isNumber || first == "-" {
                tokens.append(.number(String(take(&rest) { $0.isNumber || "-+.eE".contains($0) })))
            } else if let symbol = symbols.first(where: { rest.hasPrefix($0) }) {
                tokens.append(.symbol(symbol))
                rest = rest.dropFirst(symbol.count)
            } else {
                throw StoreError(.invalidArgument, "The filter has an unexpected character: \(first)")
            }
        }
        return tokens
    }

    private static let symbols = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ","]

    private static func take(_ rest: inout Substring, while belongs: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: belongs)
        rest = rest.dropFirst(taken.count)
        return taken
    }

    /// A string in quotes, with the escapes `\"`, `\\`, `\n`, `\t` and `\0`.
    private static func string(_ rest: inout Substring) throws(StoreError) -> String {
        var result = ""
        rest = rest.dropFirst()
        while let next = rest.popFirst() {
            if next == "\"" { return result }
            guard next == "\\" else {
                result.append(next)
                continue
            }
            switch rest.popFirst() {
            case "n": result.append("\n")
            case "t": result.append("\t")
            case "0": result.append("\0")
            case let escaped? where escaped == "\"" || escaped == "\\": result.append(escaped)
            default: throw StoreError(.invalidArgument, "A string of the filter has an unknown escape.")
            }
        }
        throw StoreError(.invalidArgument, "A string of the filter has no end.")
    }
}
