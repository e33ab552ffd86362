/// Encodes the elements of a list. The length is written before them when the list ends.
struct ListWriter: UnkeyedEncodingContainer {
    private let encoder: ValueEncoder

    init(_ encoder: ValueEncoder) {
        self.encoder = encoder
        guard encoder.slot.node.kind == .list, encoder.list == nil else { return }
        encoder.list = (encoder.slot.writer.appendZeros(1), 0)
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int { encoder.list?.count ?? 0 }

    private func slot() throws -> ValueEncoder.Slot {
        guard let element = encoder.slot.node.first, encoder.list != nil else {
            throw encoder.slot.mismatch("a list")
        }
        encoder.list?.count += 1
        return ValueEncoder.Slot(element, encoder.slot.writer)
    }

    mutating func encodeNil() throws { try slot().writeNil() }

    mutating func encode(_ value: Bool) throws {
        var slot = try slot()
        try slot.write(value)
    }

    mutating func encode(_ value: String) throws {
        var slot = try slot()
        try slot.write(value)
    }

    mutating func encode(_ value: Double) throws {
        var slot = try slot()
        try slot.write(value)
    }

    mutating func encode(_ value: Float) throws {
        var slot = try slot()
        try slot.write(value)
    }

    private func encode(signed value: Int64) throws {
        var slot = try slot()
        try slot.write(value)
    }

    private func encode(unsigned value: UInt64) throws {
        var slot = try slot()
        try slot.write(value)
    }

    mutating func encode(_ value: Int) throws { try encode(signed: Int64(value)) }
    mutating func encode(_ value: Int8) throws { try encode(signed: Int64(value)) }
    mutating func encode(_ value: Int16) throws { try encode(signed: Int64(value)) }
    mutating func encode(_ value: Int32) throws { try encode(signed: Int64(value)) }
    mutating func encode(_ value: Int64) throws { try encode(signed: value) }
    mutating func encode(_ value: UInt) throws { try encode(unsigned: UInt64(value)) }
    mutating func encode(_ value: UInt8) throws { try encode(unsigned: UInt64(value)) }
    mutating func encode(_ value: UInt16) throws { try encode(unsigned: UInt64(value)) }
    mutating func encode(_ value: UInt32) throws { try encode(unsigned: UInt64(value)) }
    mutating func encode(_ value: UInt64) throws { try encode(unsigned: value) }

    mutating func encode(_ value: Int128) throws {
        var slot = try slot()
        try slot.write(value)
    }

    mutating func encode(_ value: UInt128) throws {
        var slot = try slot()
        try slot.write(value)
    }

    mutating func encode<T: Encodable>(_ value: T) throws { try encoder.encode(value, in: slot()) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        KeyedEncodingContainer(RecordWriter<NestedKey>(encoder.unsupported))
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { ListWriter(encoder.unsupported) }
    mutating func superEncoder() -> any Encoder { encoder.unsupported }
}
