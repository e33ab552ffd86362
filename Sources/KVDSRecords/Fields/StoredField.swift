import KVDS

/// A field of a table's records, as indexes and filters name it: for every version of the schema, and without the Swift
/// type of the records.
struct StoredField: Hashable, Sendable {
    /// The paths of the field, with dots between the names: that of the newest schema first, then older ones.
    var paths: [String]
    var kind: ElementKind
    /// Whether the field is a list, whose elements count.
    var isList = false
    /// The element for records that were written without the field, or the elements if it is a list; nil for the null
    /// element, or for none.
    var missing: Bytes?

    /// The path in the newest schema.
    var path: String { paths.first ?? "" }

    /// Whether this is the same field, apart from the names that it once had.
    func isSame(as other: StoredField) -> Bool {
        kind == other.kind && isList == other.isList && missing == other.missing
            && !Set(paths).isDisjoint(with: other.paths)
    }
}

extension StoredField {
    /// The form in which the catalog stores the field.
    var tuple: Tuple {
        Tuple(Tuple(elements: paths.map { .string($0) }), kind.rawValue, isList, missing)
    }

    /// - Throws: if the tuple is not a field.
    init(_ tuple: Tuple) throws(StoreError) {
        guard let kind = ElementKind(rawValue: try tuple[1, as: String.self]) else {
            throw StoreError(.corrupt, "A field in the catalog has an unknown type.")
        }
        self.init(
            paths: try tuple[0, as: Tuple.self].strings(), kind: kind, isList: try tuple[2, as: Bool.self],
            missing: try tuple[3, as: Bytes?.self])
        if paths.isEmpty { throw StoreError(.corrupt, "A field in the catalog has no name.") }
    }
}

extension Tuple {
    /// The elements of a tuple of strings.
    func strings() throws(StoreError) -> [String] {
        var strings: [String] = []
        for position in 0..<count { strings.append(try self[position, as: String.self]) }
        return strings
    }

    /// The elements of a tuple of tuples.
    func tuples() throws(StoreError) -> [Tuple] {
        var tuples: [Tuple] = []
        for position in 0..<count { tuples.append(try self[position, as: Tuple.self]) }
        return tuples
    }
}

/// The path of a property inside of a record, from its key path as Swift prints it: a type, a dot and the names.
///
/// Optional chaining leaves no trace: a field of nil is nil.
func fieldPath(ofKeyPath text: String) -> String {
    propertyName(ofKeyPath: text).filter { $0 != "?" }
}
