/// What a table declares about the fields of its records, for values that were written without them.
package struct FieldExpectations: Sendable {
    /// The values of fields that older records do not have, by the name of the field.
    package var defaults: [String: any Sendable]
    /// The names that fields had in older records, by the name of the field.
    package var oldNames: [String: [String]]

    package init(defaults: [String: any Sendable] = [:], oldNames: [String: [String]] = [:]) {
        self.defaults = defaults
        self.oldNames = oldNames
    }
}
