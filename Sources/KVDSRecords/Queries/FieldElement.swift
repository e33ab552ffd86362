import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The element that a value of a property has in indexes and filters: as if it was stored and read from the record.
///
/// - Throws: `.incompatibleSchema` if values of the type cannot be stored or compared.
func fieldElement<Value: TupleElement & Codable>(of value: Value) throws(StoreError) -> Bytes {
    if isPlain(Value.self) {
        var writer = TupleWriter()
        writer.append(value)
        return writer.bytes()
    }
    let coder = try RecordCoder(Value.self)
    guard let kind = ElementKind(coder.layout.schema.root) else {
        throw StoreError(.incompatibleSchema, "\(Value.self) has values that cannot be compared.")
    }
    let stored = StoredRecord(bytes: try coder.encode(value), layout: coder.layout)
    return try stored.element(StoredField(paths: [""], kind: kind))
}

/// Whether the stored form of values has the elements of the values themselves. Floating-point numbers and dates do
/// not: zero has two signs, and a date is another number in a tuple.
private func isPlain(_ type: Any.Type) -> Bool {
    type == Int.self || type == String.self || type == Bool.self || type == UUID.self || type == Int?.self
        || type == String?.self || type == Bool?.self || type == UUID?.self
}

extension StoredField {
    /// Sets the elements for records that were written without the field.
    ///
    /// - Parameters:
    ///   - value: the default of a property of the record.
    ///   - path: the path of the field inside of the property.
    mutating func setMissing<Value: Codable>(from value: Value, at path: String) throws(StoreError) {
        let coder = try RecordCoder(Value.self)
        let stored = StoredRecord(bytes: try coder.encode(value), layout: coder.layout)
        var inner = self
        inner.paths = [path]
        if isList {
            missing = try stored.elements(ofList: inner).reduce(Bytes()) { $0.appending($1) }
        } else {
            missing = try stored.element(inner)
        }
    }
}
