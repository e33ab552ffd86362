import KVDS

/// A property of records, as a filter, an index or an order names it.
struct Property: Hashable, Sendable {
    let keyPath: any AnyKeyPath & Sendable
    /// Whether the property is a list, whose elements count.
    var isList = false

    static func == (left: Property, right: Property) -> Bool {
        left.keyPath as AnyKeyPath == right.keyPath as AnyKeyPath && left.isList == right.isList
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(keyPath as AnyKeyPath)
        hasher.combine(isList)
    }
}

extension Schema {
    /// The field of a property in this schema.
    ///
    /// - Throws: `.incompatibleSchema` if the property is not stored under its name, or cannot be compared.
    func field(
        _ property: Property, _ table: String, _ expectations: FieldExpectations
    ) throws(StoreError) -> StoredField {
        let name = "\(property.keyPath)"
        guard let field = field(fieldPath(ofKeyPath: name), isList: property.isList, expectations) else {
            throw StoreError(
                .incompatibleSchema,
                "\(name) of the table \(table) is not a stored property, whose coding key has the same name, with "
                    + "\(property.isList ? "a list of values" : "a single value") that can be compared.")
        }
        return field
    }

    /// The field with a path; nil if there is none that can be compared.
    func field(_ path: String, isList: Bool, _ expectations: FieldExpectations) -> StoredField? {
        var type = root
        let names = path.split(separator: ".", omittingEmptySubsequences: false)
        for name in names {
            guard case .named(let position) = type.unwrapped, case .record(_, let fields) = types[position],
                let field = fields.first(where: { $0.name == name })
            else { return nil }
            type = field.type
        }
        if isList {
            switch type.unwrapped {
            case .list(let element), .set(let element): type = element
            default: return nil
            }
        }
        guard let kind = ElementKind(type) else { return nil }
        let first = String(names[0])
        let oldPaths = (expectations.oldNames[first] ?? []).map { $0 + path.dropFirst(first.count) }
        var field = StoredField(paths: [path] + oldPaths, kind: kind, isList: isList)
        if let value = expectations.defaults[first] as? any Codable {
            // A default is a value of the property's type, so it has the field.
            try? field.setMissing(from: value, at: names.dropFirst().joined(separator: "."))
        }
        return field
    }
}

extension ValueType {
    /// The type inside of optionals.
    fileprivate var unwrapped: ValueType { if case .optional(let wrapped) = self { wrapped.unwrapped } else { self } }
}
