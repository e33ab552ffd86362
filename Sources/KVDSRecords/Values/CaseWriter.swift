/// Encodes a case of an enum: its position among the cases, then its associated values as a record.
///
/// The compiler's `encode(to:)` requests a nested container for the key of the case, also if the case has no associated
/// values.
struct CaseWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: ValueEncoder

    init(_ encoder: ValueEncoder) { self.encoder = encoder }

    var codingPath: [any CodingKey] { [] }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        guard case .enumeration(_, let cases) = encoder.layout.types[encoder.slot.node.index], encoder.record == nil,
            let position = cases.firstIndex(where: { $0.name == key.stringValue })
        else { return KeyedEncodingContainer(RecordWriter<NestedKey>(encoder.unsupported)) }
        encoder.slot.writer.append(varint: UInt64(position))
        encoder.begin(cases[position])
        return KeyedEncodingContainer(RecordWriter<NestedKey>(encoder))
    }

    mutating func encodeNil(forKey key: Key) throws { throw encoder.slot.mismatch("nil") }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        throw encoder.slot.mismatch("a record")
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ListWriter(encoder.unsupported)
    }

    mutating func superEncoder() -> any Encoder { encoder.unsupported }
    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.unsupported }
}
