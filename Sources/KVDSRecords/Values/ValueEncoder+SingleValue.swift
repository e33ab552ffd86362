/// A type that encodes itself as a single other value has that value's type in the schema.
extension ValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws {
        hasEncoded = true
        try slot.writeNil()
    }

    @inline(__always)
    private func write(_ body: (inout Slot) throws -> Void) throws {
        hasEncoded = true
        // A copy, so that no access to the variable lasts.
        var written = slot
        try body(&written)
        slot = written
    }

    func encode(_ value: Bool) throws { try write { try $0.write(value) } }
    func encode(_ value: String) throws { try write { try $0.write(value) } }
    func encode(_ value: Double) throws { try write { try $0.write(value) } }
    func encode(_ value: Float) throws { try write { try $0.write(value) } }

    private func encode(signed value: Int64) throws { try write { try $0.write(value) } }
    private func encode(unsigned value: UInt64) throws { try write { try $0.write(value) } }

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
    func encode(_ value: Int128) throws { try write { try $0.write(value) } }
    func encode(_ value: UInt128) throws { try write { try $0.write(value) } }

    func encode<T: Encodable>(_ value: T) throws {
        hasEncoded = true
        try encode(value, in: slot)
    }
}
