/// The declaration of a table: its name, the key of its records, and what is said of their fields.
///
/// ```swift
/// struct User: Codable, Sendable { var id: Int; var name: String; var city: String? }
///
/// let users = Table<User>("users", key: \.id)
/// let table = try await store.open(users)
/// try await table.put(User(id: 1, name: "ada", city: "Oslo"))
/// let ada = try await table.get(1)
/// ```
///
/// The key of a record consists of one or more of its properties. Records are ordered by it, as ``Tuple`` orders its
/// elements.
public struct Table<Record: Codable & Sendable>: Sendable {
    /// The name of the table, unique within a store.
    public let name: String
    let fields: [FieldDeclaration<Record>]
    /// Appends the elements of a record's key.
    let appendKey: @Sendable (Record, inout TupleWriter) -> Void
    /// The key paths as Swift prints them.
    let keyProperties: [String]
    /// Whether a property of the key is an optional.
    let hasOptionalKey: Bool

    /// Declares a table.
    ///
    /// - Parameters:
    ///   - name: the name of the table, unique within a store.
    ///   - key: the properties that identify a record, in the order in which records are sorted. None may be an
    ///     optional.
    ///   - fields: declarations for fields that older records lack; see ``FieldDeclaration``.
    public init<each Part: TupleElement & SendableMetatype>(
        _ name: String, key: repeat any KeyPath<Record, each Part> & Sendable,
        @TableBuilder<Record> fields: () -> [FieldDeclaration<Record>] = { [] }
    ) {
        self.name = name
        self.fields = fields()
        var (properties, hasOptional) = ([String](), false)
        for path in repeat each key { properties.append("\(path)") }
        for type in repeat (each Part).self {
            if type is any ExpressibleByNilLiteral.Type { hasOptional = true }
        }
        (keyProperties, hasOptionalKey) = (properties, hasOptional)
        appendKey = { record, writer in repeat writer.append(key: record[keyPath: each key]) }
    }
}

/// Collects the declarations of a table.
@resultBuilder
public enum TableBuilder<Record: Codable & Sendable> {
    /// Gives a declaration the type of the table's records, so that it can use key paths without a root.
    ///
    /// - Parameter field: a declaration.
    public static func buildExpression(_ field: FieldDeclaration<Record>) -> FieldDeclaration<Record> { field }

    /// The declarations of a table.
    ///
    /// - Parameter fields: the declarations in the order of the source.
    public static func buildBlock(_ fields: FieldDeclaration<Record>...) -> [FieldDeclaration<Record>] { fields }
}

extension TupleWriter {
    /// Appends an element of a key. 0.0 and -0.0 are equal, so they are one key.
    mutating func append<Part: TupleElement>(key part: Part) {
        if Part.self == Double.self, (part as? Double) == 0 {
            append(0.0 as Double)
        } else if Part.self == Float.self, (part as? Float) == 0 {
            append(0.0 as Float)
        } else {
            append(part)
        }
    }
}
