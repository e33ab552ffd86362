import KVDS

/// A type that decodes itself from a single other value has that value's type in the schema.
extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool {
        let position = reader.position
        // A copy, so that no access to the variable lasts.
        var inner = slot
        do {
            isRead = try inner.isNil(reader)
            slot = inner
        } catch {
            // The read of the value finds the same damage, and reports it.
            reader.position = position
        }
        return isRead
    }

    private func read<R>(_ body: (inout Slot) throws -> R) throws -> R {
        // A copy, so that no access to the variable lasts.
        var inner = slot
        defer { slot = inner }
        let value = try body(&inner)
        isRead = true
        return value
    }

    func decode(_ type: Bool.Type) throws -> Bool { try read { try $0.bool(reader) } }
    func decode(_ type: String.Type) throws -> String { try read { try $0.string(reader) } }
    func decode(_ type: Double.Type) throws -> Double { try read { try $0.double(reader) } }
    func decode(_ type: Float.Type) throws -> Float { try read { try $0.float(reader) } }

    private func integer<Integer: FixedWidthInteger>() throws -> Integer {
        try read { try $0.integer(Integer.self, reader) }
    }

    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: Int128.Type) throws -> Int128 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try integer() }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try read { try decode(type, in: $0) } }
}
