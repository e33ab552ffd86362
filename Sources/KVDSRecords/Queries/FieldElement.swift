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
    return try StoredRecord(bytes: try coder.encode(value), layout: coder.layout).wholeElement(kind)
}

/// Whether the stored form of values has the elements of the values themselves. Floating-point numbers and dates do
/// not: zero has two signs, and a date is another number in a tuple.
private func isPlain(_ type: Any.Type) -> Bool {
    type == Int.self || type == String.self || type == Bool.self || type == UUID.self || type == Int?.self
        || type == String?.self || type == Bool?.self || type == UUID?.self
}

extension StoredRecord {
    /// The value as an element, for a value that is no record.
    fileprivate func wholeElement(_ kind: ElementKind) throws(StoreError) -> Bytes {
        try unsafe bytes.withUnsafeBytes { buffer throws(StoreError) in
            let reader = unsafe ByteReader(buffer)
            defer { reader.invalidate() }
            var writer = TupleWriter()
            try writer.append(.value(layout.root), kind, .ascending, reader)
            return writer.bytes()
        }
    }
}
