import KVDS

/// What a table declares about a field that older records lack: a default, or the names that it had.
///
/// ```swift
/// Table<User>("users", key: \.id) {
///     FieldDeclaration(\.age, default: 18)
///     FieldDeclaration(\.fullName, was: "name", "title")
/// }
/// ```
public struct FieldDeclaration<Record: Codable & Sendable>: Sendable {
    /// The property as Swift writes it, such as `\User.age`.
    let property: String
    let defaultValue: (any Sendable)?
    let oldNames: [String]

    /// Declares the value that a field has in records that were written without it, or with nil where it is now no
    /// optional.
    ///
    /// - Parameters:
    ///   - property: a stored property of the record, with the name of its coding key.
    ///   - value: its value in such records.
    public init<Value: Codable & Sendable>(_ property: any KeyPath<Record, Value> & Sendable, default value: Value) {
        self.property = "\(property)"
        defaultValue = value
        oldNames = []
    }

    /// Declares that a field had other names in older records.
    ///
    /// - Parameters:
    ///   - property: a stored property of the record, with the name of its coding key.
    ///   - oldNames: the names that the field had, the latest first.
    public init<Value: Codable & Sendable>(_ property: any KeyPath<Record, Value> & Sendable, was oldNames: String...) {
        self.property = "\(property)"
        defaultValue = nil
        self.oldNames = oldNames
    }
}

extension FieldExpectations {
    /// - Throws: `.incompatibleSchema` if a declaration is not about a field of the record.
    init<Record>(_ table: Table<Record>, _ fields: [Field]) throws(StoreError) {
        self.init()
        for declaration in table.fields {
            let name = propertyName(ofKeyPath: declaration.property)
            guard fields.contains(where: { $0.name == name }) else {
                throw StoreError(
                    .incompatibleSchema,
                    "The table \(table.name) declares \(declaration.property), which is not a stored property whose "
                        + "coding key has the same name.")
            }
            if let value = declaration.defaultValue { defaults[name] = value }
            if !declaration.oldNames.isEmpty { oldNames[name, default: []] += declaration.oldNames }
        }
    }
}

/// The name of a stored property, from its key path as Swift prints it: a type, a dot and the name.
func propertyName(ofKeyPath text: String) -> String { text.split(separator: ".").dropFirst().joined(separator: ".") }
