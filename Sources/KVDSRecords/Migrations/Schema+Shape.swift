extension Schema {
    /// The schema without the names of structs and enums. The names of fields and cases stay.
    ///
    /// Two types with one shape write the same bytes for the same values.
    var shape: Schema {
        Schema(
            root: root,
            types: types.map { type in
                switch type {
                case .record(_, let fields): .record("", fields)
                case .enumeration(_, let cases): .enumeration("", cases)
                }
            })
    }
}

extension TableExpectations {
    /// Which of the declared migrations is for which version of the schema.
    ///
    /// - Parameters:
    ///   - versions: the schemas in the catalog.
    ///   - own: the version of the program's own schema, which is never migrated; nil if the catalog does not have it.
    func migrations(of versions: [Int: SchemaLayout], except own: Int?) -> [Int: Int] {
        if migrations.isEmpty { return [:] }
        var positions: [Int: Int] = [:]
        for (version, layout) in versions where version != own {
            positions[version] = migrations.firstIndex(of: layout.schema.shape)
        }
        return positions
    }
}
