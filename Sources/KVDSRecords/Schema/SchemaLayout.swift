/// A schema in the form that encoding and decoding use.
///
/// A record is stored as a bitmap, which has one bit for each optional (whether it is present) and each Bool (its
/// value), and the other fields in the order of the schema.
package final class SchemaLayout: Sendable {
    package let schema: Schema
    package let root: TypeNode
    let types: [NamedLayout]

    package init(_ schema: Schema) {
        self.schema = schema
        root = TypeNode(schema.root, schema)
        types = schema.types.map { NamedLayout($0, schema) }
    }
}

/// A type, as one node of a tree. A struct or enum is a leaf with its position in ``SchemaLayout/types``.
package final class TypeNode: Sendable {
    enum Kind: Sendable {
        case bool, integer, float, double, string, bytes, date, uuid, optional, list, set, map, record, enumeration
        /// No value has this type.
        case unsupported
    }

    /// The type of a container that the format does not have.
    static let unsupported = TypeNode()

    let kind: Kind
    /// The wrapped type of an optional, the elements of a list or set, the keys of a map.
    let first: TypeNode?
    /// The values of a map.
    let second: TypeNode?
    /// The position of a record or an enumeration; otherwise -1.
    let index: Int

    /// Whether values have fields.
    var hasFields: Bool { kind == .record || kind == .enumeration }

    /// How many optionals are nested: 2 for `Int??`.
    var optionalDepth: Int { kind == .optional ? 1 + (first?.optionalDepth ?? 0) : 0 }

    private init() { (kind, first, second, index) = (.unsupported, nil, nil, -1) }

    init(_ type: ValueType, _ schema: Schema) {
        var (first, second, index): (TypeNode?, TypeNode?, Int) = (nil, nil, -1)
        switch type {
        case .bool: kind = .bool
        case .integer: kind = .integer
        case .float: kind = .float
        case .double: kind = .double
        case .string: kind = .string
        case .bytes: kind = .bytes
        case .date: kind = .date
        case .uuid: kind = .uuid
        case .optional(let wrapped):
            kind = .optional
            first = TypeNode(wrapped, schema)
        case .list(let element):
            kind = .list
            first = TypeNode(element, schema)
        case .set(let element):
            kind = .set
            first = TypeNode(element, schema)
        case .map(let key, let value):
            kind = .map
            first = TypeNode(key, schema)
            second = TypeNode(value, schema)
        case .named(let position):
            if case .enumeration = schema.types[position] { kind = .enumeration } else { kind = .record }
            index = position
        }
        (self.first, self.second, self.index) = (first, second, index)
    }
}

/// A struct, or the cases of an enum.
enum NamedLayout: Sendable {
    case record(RecordLayout)
    case enumeration(String, [RecordLayout])

    init(_ type: NamedType, _ schema: Schema) {
        switch type {
        case .record(let name, let fields): self = .record(RecordLayout(name, fields, schema))
        case .enumeration(let name, let cases):
            self = .enumeration(name, cases.map { RecordLayout($0.name, $0.fields, schema) })
        }
    }
}

/// The fields of a struct or of a case.
final class RecordLayout: Sendable {
    struct Field: Sendable {
        let name: String
        /// The type of the stored value, which for an optional is the wrapped type.
        let node: TypeNode
        /// The kind of the node, here so that most fields need not look at the node.
        let kind: TypeNode.Kind
        /// The bit that tells whether an optional has a value; otherwise -1.
        let presenceBit: Int
        /// The bit that holds a Bool; otherwise -1.
        let valueBit: Int

        var isOptional: Bool { presenceBit >= 0 }
    }

    let name: String
    let fields: [Field]
    let bitmapLength: Int
    private let positions: [String: Int]

    init(_ name: String, _ fields: [KVDSRecords.Field], _ schema: Schema) {
        self.name = name
        var bits = 0
        func nextBit(if isUsed: Bool) -> Int {
            defer { if isUsed { bits += 1 } }
            return isUsed ? bits : -1
        }
        self.fields = fields.map { field in
            var type = field.type
            var isOptional = false
            if case .optional(let wrapped) = type { (type, isOptional) = (wrapped, true) }
            let presenceBit = nextBit(if: isOptional)
            let valueBit = nextBit(if: type == .bool)
            let node = TypeNode(type, schema)
            return Field(
                name: field.name, node: node, kind: node.kind, presenceBit: presenceBit, valueBit: valueBit)
        }
        bitmapLength = (bits + 7) / 8
        positions = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// The position of the field with this name.
    func position(_ name: String) -> Int? { positions[name] }
}
