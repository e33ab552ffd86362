import KVDS

/// Decodes the fields of a record by their names.
struct RecordReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: ValueDecoder

    init(_ decoder: ValueDecoder) { self.decoder = decoder }

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { decoder.record?.fields.compactMap { Key(stringValue: $0.name) } ?? [] }

    func contains(_ key: Key) -> Bool { decoder.storedName(key.stringValue) != nil }

    func decodeNil(forKey key: Key) throws -> Bool {
        guard var slot = try seek(key) else { return true }
        return try slot.isNil(decoder.reader)
    }

    /// Moves the reader to a field.
    ///
    /// - Returns: its slot; nil if the record was written without it.
    private func seek(_ key: Key) throws -> ValueDecoder.Slot? {
        guard decoder.record != nil else { throw decoder.slot.mismatch("a record") }
        if let slot = try decoder.seek(key.stringValue) { return slot }
        guard decoder.expectations != nil, let oldName = decoder.storedName(key.stringValue) else { return nil }
        return try decoder.seek(oldName)
    }

    /// Decodes a field that must have a value: its own, or its default if it has none.
    ///
    /// - Parameters:
    ///   - read: reads a value of this kind.
    ///   - convert: reads any other value from its slot.
    @inline(__always)
    private func decode<R>(
        _ key: Key, _ kind: TypeNode.Kind, _ read: (ByteReader) throws -> R,
        _ convert: (inout ValueDecoder.Slot) throws -> R
    ) throws -> R {
        guard try decoder.next(key.stringValue, kind) == .value else { return try decode(key, convert) }
        let value = try read(decoder.reader)
        decoder.advance()
        return value
    }

    private func decode<R>(_ key: Key, _ convert: (inout ValueDecoder.Slot) throws -> R) throws -> R {
        guard var slot = try seek(key) else { return try substitute(key) }
        if slot.presenceBit >= 0, try slot.isNil(decoder.reader) {
            decoder.advance()
            return try substitute(key)
        }
        let value = try convert(&slot)
        decoder.advance()
        return value
    }

    @inline(__always)
    private func decodeIfPresent<R>(
        _ key: Key, _ kind: TypeNode.Kind, _ read: (ByteReader) throws -> R,
        _ convert: (inout ValueDecoder.Slot) throws -> R
    ) throws -> R? {
        let next = try decoder.next(key.stringValue, kind)
        if next == .other { return try decodeIfPresent(key, convert) }
        let value = next == .nothing ? nil : try read(decoder.reader)
        decoder.advance()
        return value
    }

    private func decodeIfPresent<R>(_ key: Key, _ convert: (inout ValueDecoder.Slot) throws -> R) throws -> R? {
        guard var slot = try seek(key) else { return decoder.expectations?.defaults[key.stringValue] as? R }
        let value = try slot.isNil(decoder.reader) ? nil : convert(&slot)
        decoder.advance()
        return value
    }

    /// The default of a field that the record was written without.
    private func substitute<R>(_ key: Key) throws -> R {
        if let value = decoder.expectations?.defaults[key.stringValue] as? R { return value }
        if let type = R.self as? any ExpressibleByNilLiteral.Type, let none = type.init(nilLiteral: ()) as? R {
            return none
        }
        throw StoreError(
            .incompatibleSchema,
            "A stored \(decoder.record?.name ?? "record") has no value for \(key.stringValue), which is not an "
                + "optional; declare a default.")
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try decode(key, .bool, { _ in try decoder.nextBool() }, { try $0.bool(decoder.reader) })
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try decode(key, .string, { try $0.string() }, { try $0.string(decoder.reader) })
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try decode(key, .double, { try $0.double() }, { try $0.double(decoder.reader) })
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try decode(key, .float, { try $0.float() }, { try $0.float(decoder.reader) })
    }

    @inline(__always)
    private func decode<Integer: FixedWidthInteger>(_ key: Key) throws -> Integer {
        try decode(
            key, .integer, { try $0.integer(Integer.self) }, { try $0.integer(Integer.self, decoder.reader) })
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decode(key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decode(key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decode(key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decode(key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decode(key) }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try decode(key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decode(key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decode(key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decode(key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decode(key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decode(key) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try decode(key) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try decode(key) { try decoder.decode(type, in: $0) }
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try decodeIfPresent(key, .bool, { _ in try decoder.nextBool() }, { try $0.bool(decoder.reader) })
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try decodeIfPresent(key, .string, { try $0.string() }, { try $0.string(decoder.reader) })
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try decodeIfPresent(key, .integer, { try $0.integer(Int.self) }, { try $0.integer(Int.self, decoder.reader) })
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try decodeIfPresent(key, .double, { try $0.double() }, { try $0.double(decoder.reader) })
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try decodeIfPresent(key) { try decoder.decode(type, in: $0) }
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        throw decoder.slot.mismatch("a nested container")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw decoder.slot.mismatch("a nested container")
    }

    func superDecoder() throws -> any Decoder { throw decoder.slot.mismatch("a superclass") }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw decoder.slot.mismatch("a superclass") }
}
