import KVDS

/// Encodes the fields of a record. An optional that is nil is left out.
struct RecordWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: ValueEncoder

    init(_ encoder: ValueEncoder) { self.encoder = encoder }

    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil(forKey key: Key) throws { try encoder.fieldSlot(key.stringValue).writeNil() }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
        let name = key.stringValue
        if let field = encoder.take(name, .bool) {
            if value { encoder.writer.setBit(encoder.orderedFields[field].valueBit, at: encoder.bitmap) }
        } else {
            var slot = try encoder.fieldSlot(name)
            try slot.write(value)
        }
    }

    mutating func encode(_ value: String, forKey key: Key) throws {
        let name = key.stringValue
        if encoder.take(name, .string) != nil { return encoder.writer.append(string: value) }
        var slot = try encoder.fieldSlot(name)
        try slot.write(value)
    }

    mutating func encode(_ value: Double, forKey key: Key) throws {
        let name = key.stringValue
        if encoder.take(name, .double) != nil { return encoder.writer.append(float: value) }
        var slot = try encoder.fieldSlot(name)
        try slot.write(value)
    }

    mutating func encode(_ value: Float, forKey key: Key) throws {
        let name = key.stringValue
        if encoder.take(name, .float) != nil { return encoder.writer.append(float: value) }
        var slot = try encoder.fieldSlot(name)
        try slot.write(value)
    }

    @inline(__always)
    private func encode(signed value: Int64, _ key: Key) throws {
        let name = key.stringValue
        if encoder.take(name, .integer) != nil { return encoder.writer.append(signed: value) }
        var slot = try encoder.fieldSlot(name)
        try slot.write(value)
    }

    @inline(__always)
    private func encode(unsigned value: UInt64, _ key: Key) throws {
        if let signed = Int64(exactly: value) { return try encode(signed: signed, key) }
        var slot = try encoder.fieldSlot(key.stringValue)
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
        var slot = try encoder.fieldSlot(key.stringValue)
        try slot.write(value)
    }

    mutating func encode(_ value: UInt128, forKey key: Key) throws {
        var slot = try encoder.fieldSlot(key.stringValue)
        try slot.write(value)
    }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try encoder.encode(value, in: encoder.fieldSlot(key.stringValue))
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
