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
    let indexes: [IndexDeclaration<Record>]
    let migrations: [Migration<Record>]
    /// How records are compressed; nil if they are not, and no compressed record is expected.
    let compression: Compression?
    /// Appends the elements of a record's key.
    let appendKey: @Sendable (Record, inout TupleWriter) -> Void
    /// The key paths as Swift prints them.
    let keyProperties: [String]
    /// Whether a property of the key is an optional.
    let hasOptionalKey: Bool
    /// Whether each element of a key is the value as it is stored in the record.
    let hasPlainKeys: [Bool]

    /// Declares a table.
    ///
    /// - Parameters:
    ///   - name: the name of the table, unique within a store.
    ///   - key: the properties that identify a record, in the order in which records are sorted. None may be an
    ///     optional.
    ///   - declarations: indexes, compression, and what is said of fields that older records lack: see ``Index``,
    ///     ``UniqueIndex``, ``FieldDeclaration`` and ``Compression``.
    public init<each Part: TupleElement & SendableMetatype>(
        _ name: String, key: repeat any KeyPath<Record, each Part> & Sendable,
        @TableBuilder<Record> declarations: () -> [TableDeclaration<Record>] = { [] }
    ) {
        let declarations = declarations()
        self.name = name
        // Closures: key paths in a function with a parameter pack end the program when they are made.
        fields = declarations.compactMap { $0.field }
        indexes = declarations.compactMap { $0.index }
        migrations = declarations.compactMap { $0.migration }
        compression = declarations.compactMap { $0.compression }.last
        var (properties, hasOptional, arePlain) = ([String](), false, [Bool]())
        for path in repeat each key { properties.append("\(path)") }
        for type in repeat (each Part).self {
            if type is any ExpressibleByNilLiteral.Type { hasOptional = true }
            arePlain.append(SchemaDiscovery.knownType(type) != nil || type is any RawRepresentable.Type)
        }
        (keyProperties, hasOptionalKey, hasPlainKeys) = (properties, hasOptional, arePlain)
        appendKey = { record, writer in repeat writer.append(key: record[keyPath: each key]) }
    }
}

extension TupleWriter {
    /// Appends an element of a key. Floating-point numbers that are equal, or not a number, are one key.
    mutating func append<Part: TupleElement>(key part: Part) {
        if Part.self == Double.self, let number = part as? Double {
            append(field: number, .ascending)
        } else if Part.self == Float.self, let number = part as? Float {
            append(field: number, .ascending)
        } else {
            append(part)
        }
    }
}
