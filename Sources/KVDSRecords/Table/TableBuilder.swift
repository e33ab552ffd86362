/// One declaration of a table.
public struct TableDeclaration<Record: Codable & Sendable>: Sendable {
    var field: FieldDeclaration<Record>?
    var index: IndexDeclaration<Record>?
}

/// Collects the declarations of a table, and gives them the type of its records, so that they can use key paths without
/// a root.
@resultBuilder
public enum TableBuilder<Record: Codable & Sendable> {
    /// - Parameter field: what is said of a field.
    public static func buildExpression(_ field: FieldDeclaration<Record>) -> TableDeclaration<Record> {
        TableDeclaration(field: field)
    }

    /// - Parameter index: an index.
    public static func buildExpression(_ index: Index<Record>) -> TableDeclaration<Record> {
        TableDeclaration(index: index.declaration)
    }

    /// - Parameter index: a unique index.
    public static func buildExpression(_ index: UniqueIndex<Record>) -> TableDeclaration<Record> {
        TableDeclaration(index: index.declaration)
    }

    /// - Parameter declarations: the declarations in the order of the source.
    public static func buildBlock(_ declarations: TableDeclaration<Record>...) -> [TableDeclaration<Record>] {
        declarations
    }
}
