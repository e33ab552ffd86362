import KVDS

/// Schemas as tuples, the form in which the catalog stores them. Formats.md describes it.
extension Schema {
    var tuple: Tuple {
        Tuple(root.element, Tuple(elements: types.map { .tuple(Self.tuple($0)) }))
    }

    private static func tuple(_ type: NamedType) -> Tuple {
        switch type {
        case .record(let name, let fields): Tuple("record", name, tuple(fields))
        case .enumeration(let name, let cases):
            Tuple("enum", name, Tuple(elements: cases.map { .tuple(Tuple($0.name, tuple($0.fields))) }))
        }
    }

    private static func tuple(_ fields: [Field]) -> Tuple {
        Tuple(elements: fields.map { .tuple(Tuple($0.name, $0.type.element)) })
    }

    /// - Throws: `.corrupt` if the bytes are not a schema.
    init(packed bytes: Bytes) throws(StoreError) {
        do {
            let tuple = try Tuple(unpacking: bytes)
            let types = try tuple[1, as: Tuple.self]
            let count = types.count
            self.types = try types.map { try NamedType(tuple: $0, count) }
            root = try ValueType(tuple[0], count)
        } catch {
            throw StoreError(.corrupt, "A schema in the catalog is damaged.")
        }
    }
}

extension NamedType {
    /// - Parameter count: the number of types in the schema.
    fileprivate init(tuple element: Tuple.Element, _ count: Int) throws {
        guard case .tuple(let tuple) = element else { throw SchemaTupleError() }
        let name = try tuple[1, as: String.self]
        let parts = try tuple[2, as: Tuple.self]
        switch try tuple[0, as: String.self] {
        case "record": self = .record(name, try Self.fields(parts, count))
        case "enum":
            self = .enumeration(
                name,
                try parts.map { part in
                    guard case .tuple(let tuple) = part else { throw SchemaTupleError() }
                    return try Case(tuple[0, as: String.self], Self.fields(tuple[1, as: Tuple.self], count))
                })
        default: throw SchemaTupleError()
        }
    }

    private static func fields(_ tuple: Tuple, _ count: Int) throws -> [Field] {
        try tuple.map { element in
            guard case .tuple(let field) = element else { throw SchemaTupleError() }
            return try Field(field[0, as: String.self], ValueType(field[1], count))
        }
    }
}

extension ValueType {
    /// The name of a simple type, the number of a struct or enum, or a tuple of a word and the inner types.
    fileprivate var element: Tuple.Element {
        switch self {
        case .optional(let wrapped): .tuple(Tuple("optional", wrapped.element))
        case .list(let element): .tuple(Tuple("list", element.element))
        case .set(let element): .tuple(Tuple("set", element.element))
        case .map(let key, let value): .tuple(Tuple("map", key.element, value.element))
        case .named(let position): .integer(Int128(position))
        default: .string(simpleName ?? "")
        }
    }

    fileprivate init(_ element: Tuple.Element?, _ count: Int) throws {
        switch element {
        case .string(let name):
            guard let type = ValueType(simpleName: name) else { throw SchemaTupleError() }
            self = type
        case .integer(let position):
            guard 0..<Int128(count) ~= position else { throw SchemaTupleError() }
            self = .named(Int(position))
        case .tuple(let tuple):
            let first = try ValueType(tuple[1], count)
            switch try tuple[0, as: String.self] {
            case "optional": self = .optional(first)
            case "list": self = .list(first)
            case "set": self = .set(first)
            case "map": self = .map(first, try ValueType(tuple[2], count))
            default: throw SchemaTupleError()
            }
        default: throw SchemaTupleError()
        }
    }
}

/// The tuple is not a schema.
private struct SchemaTupleError: Error {}
