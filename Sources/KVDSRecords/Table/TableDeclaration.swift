/// Something that a table declares besides its name and its key: an index, a ``FieldDeclaration``, a ``Migration``
/// or a ``Compression``.
///
/// ```swift
/// Table<User>("users", key: \.id) {
///     Index("byCity", \.city)
///     FieldDeclaration(\.age, default: 18)
///     Compression.zstandard(level: 3)
/// }
/// ```
public struct TableDeclaration<Record: Codable & Sendable>: Sendable {
    enum Content {
        case field(FieldDeclaration<Record>)
        case index(IndexDeclaration<Record>)
        case compression(Compression)
        case migration(Migration<Record>)
    }

    let content: Content

    var field: FieldDeclaration<Record>? { if case .field(let field) = content { field } else { nil } }
    var index: IndexDeclaration<Record>? { if case .index(let index) = content { index } else { nil } }
    var migration: Migration<Record>? { if case .migration(let migration) = content { migration } else { nil } }
    var compression: Compression? { if case .compression(let compression) = content { compression } else { nil } }
}

/// Collects the declarations of a table.
@resultBuilder
public enum TableBuilder<Record: Codable & Sendable> {
    /// Gives a declaration the type of the table's records, so that it can use key paths without a root.
    ///
    /// - Parameter field: a declaration about a field.
    public static func buildExpression(_ field: FieldDeclaration<Record>) -> TableDeclaration<Record> {
        TableDeclaration(content: .field(field))
    }

    /// Declares an index.
    ///
    /// - Parameter index: the index.
    public static func buildExpression(_ index: Index<Record>) -> TableDeclaration<Record> {
        TableDeclaration(content: .index(index.declaration))
    }

    /// Declares a unique index.
    ///
    /// - Parameter index: the index.
    public static func buildExpression(_ index: UniqueIndex<Record>) -> TableDeclaration<Record> {
        TableDeclaration(content: .index(index.declaration))
    }

    /// Declares how records of an older type are migrated.
    ///
    /// - Parameter migration: the migration.
    public static func buildExpression(_ migration: Migration<Record>) -> TableDeclaration<Record> {
        TableDeclaration(content: .migration(migration))
    }

    /// Declares how the table's records are compressed. Of several such declarations the last one counts.
    ///
    /// - Parameter compression: the compression.
    public static func buildExpression(_ compression: Compression) -> TableDeclaration<Record> {
        TableDeclaration(content: .compression(compression))
    }

    /// The declarations of a table.
    ///
    /// - Parameter declarations: the declarations in the order of the source.
    public static func buildBlock(_ declarations: TableDeclaration<Record>...) -> [TableDeclaration<Record>] {
        declarations
    }
}
