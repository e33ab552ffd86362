import KVDS

/// Decodes the elements of a list or a set.
struct ListReader: UnkeyedDecodingContainer {
    private let decoder: ValueDecoder
    let count: Int?
    private(set) var currentIndex = 0

    init(_ decoder: ValueDecoder) {
        self.decoder = decoder
        count = decoder.list?.left
    }

    var codingPath: [any CodingKey] { [] }
    var isAtEnd: Bool { currentIndex >= count ?? 0 }

    private mutating func next<R>(_ body: (inout ValueDecoder.Slot) throws -> R) throws -> R {
        guard let element = decoder.slot.node.first, let list = decoder.list, !isAtEnd else {
            throw StoreError(.incompatibleSchema, "A stored list has fewer elements than the type wants.")
        }
        decoder.reader.position = list.next
        var slot = ValueDecoder.Slot(element)
        let value = try body(&slot)
        decoder.list = (decoder.reader.position, list.left - 1)
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard let element = decoder.slot.node.first, let list = decoder.list, !isAtEnd else { return false }
        guard element.kind == .optional else { return false }
        decoder.reader.position = list.next
        guard try !decoder.reader.flag() else { return false }
        decoder.list = (decoder.reader.position, list.left - 1)
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool {
        let reader = decoder.reader
        return try next { try $0.bool(reader) }
    }

    mutating func decode(_ type: String.Type) throws -> String {
        let reader = decoder.reader
        return try next { try $0.string(reader) }
    }

    mutating func decode(_ type: Double.Type) throws -> Double {
        let reader = decoder.reader
        return try next { try $0.double(reader) }
    }

    mutating func decode(_ type: Float.Type) throws -> Float {
        let reader = decoder.reader
        return try next { try $0.float(reader) }
    }

    private mutating func integer<Integer: FixedWidthInteger>() throws -> Integer {
        let reader = decoder.reader
        return try next { try $0.integer(Integer.self, reader) }
    }

    mutating func decode(_ type: Int.Type) throws -> Int { try integer() }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try integer() }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try integer() }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let decoder = decoder
        return try next { try decoder.decode(type, in: $0) }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        throw decoder.slot.mismatch("a nested container")
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw decoder.slot.mismatch("a nested container")
    }

    mutating func superDecoder() throws -> any Decoder { throw decoder.slot.mismatch("a superclass") }
}
