import KVDS

/// Encodes the fields of a record. An optional that is nil is left out.
struct RecordWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: ValueEncoder

    init(_ encoder: ValueEncoder) { self.encoder = encoder }

    var codingPath: [any CodingKey] { [] }

    @inline(__always)
    private func slot(_ key: Key) throws -> ValueEncoder.Slot {
        guard let record = encoder.record else { throw encoder.slot.mismatch("a record") }
        return try record.slot(key.stringValue)
    }

    mutating func encodeNil(forKey key: Key) throws { try slot(key).writeNil() }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    mutating func encode(_ value: String, forKey key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    mutating func encode(_ value: Double, forKey key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    mutating func encode(_ value: Float, forKey key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    @inline(__always)
    private func encode(signed value: Int64, _ key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    @inline(__always)
    private func encode(unsigned value: UInt64, _ key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    mutating func encode(_ value: Int, forKey key: Key) throws { try encode(signed: Int64(value), key) }
    mutating func encode(_ value: Int8, forKey key: Key) throws { try encode(signed: Int64(value), key) }
    mutating func encode(_ value: Int16, forKey key: Key) throws { try encode(signed: Int64(value), key) }
    mutating func encode(_ value: Int32, forKey key: Key) throws { try encode(signed: Int64(value), key) }
    mutating func encode(_ value: Int64, forKey key: Key) throws { try encode(signed: value, key) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { try encode(unsigned: UInt64(value), key) }
    mutating func encode(_ value: UInt8, forKey key: Key) throws { try encode(unsigned: UInt64(value), key) }
    mutating func encode(_ value: UInt16, forKey key: Key) throws { try encode(unsigned: UInt64(value), key) }
    mutating func encode(_ value: UInt32, forKey key: Key) throws { try encode(unsigned: UInt64(value), key) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws { try encode(unsigned: value, key) }

    mutating func encode(_ value: Int128, forKey key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    mutating func encode(_ value: UInt128, forKey key: Key) throws {
        var slot = try slot(key)
        try slot.write(value)
    }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try encoder.encode(value, in: slot(key))
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        KeyedEncodingContainer(RecordWriter<NestedKey>(encoder.unsupported))
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ListWriter(encoder.unsupported)
    }

    mutating func superEncoder() -> any Encoder { encoder.unsupported }
    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.unsupported }
}
