/// An index of a table: it finds records by one or several fields, and in their order.
///
/// ```swift
/// Table<User>("users", key: \.id) {
///     Index("byCity", \.city, \.age)
///     Index("newest", \.created, order: .descending)
///     Index("byTag", each: \.tags)
///     Index("adults", \.name, where: \.age >= 18)
///     UniqueIndex("byMail", \.mail)
/// }
/// ```
///
/// The entries of an index are written in the commit that writes their record. Records are ordered by the fields, and
/// those with equal fields by their keys, in the direction of the last field. Nil comes before every other value.
///
/// An entry is a key of the store: the fields and the key of the record together must not be longer than the store's
/// longest key. A write of a longer one throws `.invalidKey`.
public struct Index<Record: Codable & Sendable>: Sendable {
    let declaration: IndexDeclaration<Record>

    /// An index on one or several fields.
    ///
    /// - Parameters:
    ///   - name: the name of the index, unique within the table.
    ///   - fields: stored properties, also of structs inside of the record: `\.address.city`.
    ///   - order: the direction of each field. Default: ascending.
    ///   - predicate: the records that the index contains; nil for all.
    public init<each Value: TupleElement & Codable & SendableMetatype>(
        _ name: String, _ fields: repeat FieldPath<Record, each Value>, order: ElementOrder...,
        where predicate: Filter<Record>? = nil
    ) {
        var properties: [Property] = []
        for field in repeat each fields { properties.append(Property(keyPath: field)) }
        declaration = IndexDeclaration(name, properties, order, predicate, isUnique: false)
    }

    /// An index with an entry for each different element of a list, followed by further fields.
    ///
    /// - Parameters:
    ///   - name: the name of the index, unique within the table.
    ///   - list: an array or a set.
    ///   - fields: further stored properties.
    ///   - order: the direction of each field, the list first. Default: ascending.
    ///   - predicate: the records that the index contains; nil for all.
    public init<Values: Sequence & SendableMetatype, each Value: TupleElement & Codable & SendableMetatype>(
        _ name: String, each list: FieldPath<Record, Values>, _ fields: repeat FieldPath<Record, each Value>,
        order: ElementOrder..., where predicate: Filter<Record>? = nil
    ) where Values.Element: TupleElement & Codable {
        var properties = [Property(keyPath: list, isList: true)]
        for field in repeat each fields { properties.append(Property(keyPath: field)) }
        declaration = IndexDeclaration(name, properties, order, predicate, isUnique: false)
    }
}

/// An index that no two records of a table have the same entry in.
///
/// A write that would break this throws `.alreadyExists`, and writes nothing. Any number of records may have nil in one
/// of the fields.
public struct UniqueIndex<Record: Codable & Sendable>: Sendable {
    let declaration: IndexDeclaration<Record>

    /// A unique index on one or several fields.
    ///
    /// - Parameters:
    ///   - name: the name of the index, unique within the table.
    ///   - fields: stored properties, also of structs inside of the record: `\.address.city`.
    ///   - order: the direction of each field. Default: ascending.
    ///   - predicate: the records that the index contains; nil for all.
    public init<each Value: TupleElement & Codable & SendableMetatype>(
        _ name: String, _ fields: repeat FieldPath<Record, each Value>, order: ElementOrder...,
        where predicate: Filter<Record>? = nil
    ) {
        var properties: [Property] = []
        for field in repeat each fields { properties.append(Property(keyPath: field)) }
        declaration = IndexDeclaration(name, properties, order, predicate, isUnique: true)
    }
}
