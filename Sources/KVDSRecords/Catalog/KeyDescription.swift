import KVDS

/// The elements of a table's keys.
struct KeyDescription: Equatable {
    /// Their kinds, such as `string`.
    var kinds: [String]
    /// The names of the properties that they come from. A computed property is called `computed`.
    var names: [String]

    /// - Parameters:
    ///   - prototype: the key of any record.
    ///   - properties: the key paths as Swift prints them.
    init(prototype: Tuple, properties: [String]) {
        kinds = prototype.kinds
        names = properties.map { $0.contains("<computed") ? "computed" : propertyName(ofKeyPath: $0) }
    }

    init(kinds: [String], names: [String]) { (self.kinds, self.names) = (kinds, names) }

    /// Checks that the keys in the catalog are those of a program.
    ///
    /// - Throws: `.incompatibleSchema` if they are not; a property may have been renamed.
    func expectSame(
        as own: KeyDescription, _ table: String, _ expectations: FieldExpectations
    ) throws(StoreError) {
        let areSame =
            kinds == own.kinds && names.count == own.names.count
            && zip(names, own.names).allSatisfy { $0 == $1 || expectations.oldNames[$1]?.contains($0) == true }
        if areSame { return }
        throw StoreError(
            .incompatibleSchema,
            "The keys of the table \(table) are \(description), and the type's are \(own.description). Use another name "
                + "for the new table, and copy the records.")
    }

    private var description: String {
        "(\(zip(names, kinds).map { "\($0): \($1)" }.joined(separator: ", ")))"
    }
}
