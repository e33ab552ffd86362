import KVDS

/// Parses a filter that is written as Swift would write it, with the names of fields for key paths:
/// `city == "Oslo" && (age >= 18 || tags contains "a")`.
///
/// The operators are `==`, `!=`, `<`, `<=`, `>`, `>=`, `in [a, b]`, `hasPrefix "a"`, `contains a`, `&&`, `||`, `!` and
/// brackets. A value is a number, a string in quotes, `true`, `false` or `nil`. A date is a string in ISO 8601 or the
/// number of seconds since 1970, and a UUID is a string.
struct FilterParser {
    /// How deep brackets may be nested.
    private static let maximumDepth = 64

    private let schema: Schema
    private var tokens: ArraySlice<FilterToken>
    private var depth = 0

    /// - Throws: `.invalidArgument` for a text that is no filter on the fields of the schema.
    static func parse(_ text: String, _ schema: Schema) throws(StoreError) -> StoredFilter {
        var parser = FilterParser(schema: schema, tokens: try FilterToken.tokens(of: text)[...])
        let filter = try parser.alternatives()
        if let rest = parser.tokens.first { throw parser.unexpected(rest) }
        return filter.simplified
    }

    private init(schema: Schema, tokens: ArraySlice<FilterToken>) { (self.schema, self.tokens) = (schema, tokens) }

    private mutating func alternatives() throws(StoreError) -> StoredFilter {
        var filters = [try conjunction()]
        while take("||") { filters.append(try conjunction()) }
        return .any(filters)
    }

    private mutating func conjunction() throws(StoreError) -> StoredFilter {
        var filters = [try single()]
        while take("&&") { filters.append(try single()) }
        return .all(filters)
    }

    private mutating func single() throws(StoreError) -> StoredFilter {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw StoreError(.invalidArgument, "The filter is nested more than \(Self.maximumDepth) levels deep.")
        }
        if take("!") { return .not(try single()) }
        if take("(") {
            let filter = try alternatives()
            guard take(")") else { throw unexpected(tokens.first) }
            return filter
        }
        return try comparison()
    }

    private mutating func comparison() throws(StoreError) -> StoredFilter {
        guard case .name(let path)? = tokens.popFirst() else { throw unexpected(tokens.first) }
        let word = tokens.popFirst()
        if word == .name("contains") {
            let field = try field(path, isList: true)
            return .contains(field, try element(field))
        }
        let field = try field(path)
        switch word {
        case .name("in"): return .within(field, try list(field))
        case .name("hasPrefix"):
            guard field.kind == .string, case .string(let prefix)? = tokens.popFirst() else {
                throw StoreError(.invalidArgument, "hasPrefix needs a field that is a string, and a string.")
            }
            return .within(field, ElementIntervals(prefix: try fieldElement(of: prefix)))
        case .symbol(let symbol):
            let element = try element(field)
            let (before, after) = (ElementBound(.before, element), ElementBound(.after, element))
            switch symbol {
            case "==": return .within(field, ElementIntervals(element))
            case "!=": return .within(field, ElementIntervals(element).complement)
            case "<": return .within(field, .values(from: nil, to: before))
            case "<=": return .within(field, .values(from: nil, to: after))
            case ">": return .within(field, .values(from: after, to: nil))
            case ">=": return .within(field, .values(from: before, to: nil))
            default: throw unexpected(word)
            }
        default: throw unexpected(word)
        }
    }

    private mutating func list(_ field: StoredField) throws(StoreError) -> ElementIntervals {
        var set = ElementIntervals([])
        guard take("[") else { throw unexpected(tokens.first) }
        while !take("]") {
            set = set.union(ElementIntervals(try element(field)))
            if !take(","), tokens.first != .symbol("]") { throw unexpected(tokens.first) }
        }
        return set
    }

    private mutating func element(_ field: StoredField) throws(StoreError) -> Bytes {
        guard let token = tokens.popFirst() else { throw unexpected(nil) }
        if let element = try field.kind.element(of: token) { return element }
        throw StoreError(.invalidArgument, "\(field.path) is a \(field.kind.rawValue), unlike its value in the filter.")
    }

    func field(_ path: String, isList: Bool = false) throws(StoreError) -> StoredField {
        if let field = schema.field(path, isList: isList, FieldExpectations()) { return field }
        throw StoreError(
            .invalidArgument, "The records have no field \(path) with \(isList ? "a list of values" : "a value").")
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard tokens.first == .symbol(symbol) else { return false }
        tokens.removeFirst()
        return true
    }

    private func unexpected(_ token: FilterToken?) -> StoreError {
        switch token {
        case nil: StoreError(.invalidArgument, "The filter ends too early.")
        case .name(let word), .symbol(let word): StoreError(.invalidArgument, "The filter has an unexpected \(word).")
        case .number, .string: StoreError(.invalidArgument, "The filter has a value where none is expected.")
        }
    }
}
