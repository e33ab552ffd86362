import KVDS

/// What a program declares about an index.
struct IndexDeclaration<Record: Codable & Sendable>: Sendable {
    let name: String
    let properties: [Property]
    let orders: [ElementOrder]
    let predicate: Filter<Record>?
    let isUnique: Bool

    init(
        _ name: String, _ properties: [Property], _ orders: [ElementOrder], _ predicate: Filter<Record>?, isUnique: Bool
    ) {
        (self.name, self.properties, self.orders) = (name, properties, orders)
        (self.predicate, self.isUnique) = (predicate, isUnique)
    }

    /// The declared index, with a number that is not known yet.
    ///
    /// - Throws: `.incompatibleSchema` if a field cannot be compared, or the declaration contradicts itself.
    func description(
        _ schema: Schema, _ table: String, _ expectations: FieldExpectations
    ) throws(StoreError) -> IndexDescription {
        guard !properties.isEmpty, orders.isEmpty || orders.count == properties.count else {
            throw StoreError(
                .incompatibleSchema,
                "The index \(name) of the table \(table) needs fields, and a direction for each of them or for none.")
        }
        var fields: [IndexField] = []
        for (position, property) in properties.enumerated() {
            fields.append(
                IndexField(
                    field: try schema.field(property, table, expectations),
                    order: orders.isEmpty ? .ascending : orders[position]))
        }
        let predicate = try predicate?.stored { (property) throws(StoreError) in
            try schema.field(property, table, expectations)
        }
        return IndexDescription(name: name, isUnique: isUnique, fields: fields, predicate: predicate)
    }
}

extension Filter {
    /// The filter on fields as they are stored.
    ///
    /// - Parameter field: the field of a property.
    /// - Throws: `.incompatibleSchema` if a value cannot be compared; the errors of `field`.
    func stored(_ field: (Property) throws(StoreError) -> StoredField) throws(StoreError) -> StoredFilter {
        try node.get().mapReferences(field).simplified
    }
}
