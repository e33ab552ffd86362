/// A type that encodes itself as a single other value has that value's type in the schema.
extension ValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws {
        hasEncoded = true
        try slot.writeNil()
    }

    func encode(_ value: Bool) throws {
        hasEncoded = true
        try slot.write(value)
    }

    func encode(_ value: String) throws {
        hasEncoded = true
        try slot.write(value)
    }

    func encode(_ value: Double) throws {
        hasEncoded = true
        try slot.write(value)
    }

    func encode(_ value: Float) throws {
        hasEncoded = true
        try slot.write(value)
    }

    private func encode(signed value: Int64) throws {
        hasEncoded = true
        try slot.write(value)
    }

    private func encode(unsigned value: UInt64) throws {
        hasEncoded = true
        try slot.write(value)
    }

    func encode(_ value: Int) throws { try encode(signed: Int64(value)) }
    func encode(_ value: Int8) throws { try encode(signed: Int64(value)) }
    func encode(_ value: Int16) throws { try encode(signed: Int64(value)) }
    func encode(_ value: Int32) throws { try encode(signed: Int64(value)) }
    func encode(_ value: Int64) throws { try encode(signed: value) }
    func encode(_ value: UInt) throws { try encode(unsigned: UInt64(value)) }
    func encode(_ value: UInt8) throws { try encode(unsigned: UInt64(value)) }
    func encode(_ value: UInt16) throws { try encode(unsigned: UInt64(value)) }
    func encode(_ value: UInt32) throws { try encode(unsigned: UInt64(value)) }
    func encode(_ value: UInt64) throws { try encode(unsigned: value) }

    func encode(_ value: Int128) throws {
        hasEncoded = true
        try slot.write(value)
    }

    func encode(_ value: UInt128) throws {
        hasEncoded = true
        try slot.write(value)
    }

    func encode<T: Encodable>(_ value: T) throws {
        hasEncoded = true
        try encode(value, in: slot)
    }
}
