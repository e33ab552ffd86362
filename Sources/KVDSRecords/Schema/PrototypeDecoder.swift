import KVDS

/// Makes a value of any type from zeros, empty strings and empty collections, so that its fields can be discovered.
struct PrototypeDecoder: Decoder {
    /// Thrown where a type contains itself. An optional of it is nil then.
    struct Recursion: Error {}

    /// A type accepts no empty value.
    struct Refusal: Error { let type: String }

    /// A type, and which of its cases.
    struct Choice: Equatable {
        let type: ObjectIdentifier
        let position: Int
    }

    /// What is being made.
    private let path: [Choice]
    /// The case to make of an enum with associated values.
    private let position: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// A value of `type`.
    ///
    /// - Parameter position: which case to make, if it is an enum with associated values.
    static func value<T: Decodable>(_ type: T.Type, position: Int = 0) throws -> T {
        try PrototypeDecoder(path: [], position: 0).value(type, position: position)
    }

    func value<T: Decodable>(_ type: T.Type, position: Int = 0) throws -> T {
        if let value = Self.known(type) { return value }
        let choice = Choice(type: ObjectIdentifier(type), position: position)
        if path.contains(choice) { throw Recursion() }
        do {
            return try T(from: PrototypeDecoder(path: path + [choice], position: position))
        } catch  where !(error is Recursion || error is Refusal) {
            throw Refusal(type: "\(type)")
        }
    }

    /// A value of `type`, of any case that does not contain the type again.
    func valueOfAnyCase<T: Decodable>(_ type: T.Type) throws -> T {
        let count = EnumCases.counts(type).map { $0.withValues + $0.withoutValues } ?? 1
        for position in 0..<max(1, count) - 1 {
            if let value = try? value(type, position: position) { return value }
        }
        return try value(type, position: max(1, count) - 1)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let keys = EnumCases.all(Key.self)
        return KeyedDecodingContainer(
            Keyed(decoder: self, allKeys: keys.indices.contains(position) ? [keys[position]] : []))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { NoElements() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

    struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: PrototypeDecoder
        let allKeys: [Key]
        var codingPath: [any CodingKey] { [] }

        func contains(_ key: Key) -> Bool { true }
        func decodeNil(forKey key: Key) throws -> Bool { false }
        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder.valueOfAnyCase(type) }
        // The standard library's implementations refuse these two.
        func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { 0 }
        func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { 0 }

        func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
            do { return try decoder.valueOfAnyCase(type) } catch is Recursion { return nil }
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<NestedKey> {
            KeyedDecodingContainer(Keyed<NestedKey>(decoder: decoder, allKeys: []))
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { NoElements() }
        func superDecoder() throws -> any Decoder { decoder }
        func superDecoder(forKey key: Key) throws -> any Decoder { decoder }
    }

    struct Single: SingleValueDecodingContainer {
        let decoder: PrototypeDecoder
        var codingPath: [any CodingKey] { [] }

        func decodeNil() -> Bool { false }
        func decode(_ type: Bool.Type) throws -> Bool { false }
        func decode(_ type: String.Type) throws -> String { "" }
        func decode(_ type: Double.Type) throws -> Double { 0 }
        func decode(_ type: Float.Type) throws -> Float { 0 }
        func decode(_ type: Int.Type) throws -> Int { 0 }
        func decode(_ type: Int8.Type) throws -> Int8 { 0 }
        func decode(_ type: Int16.Type) throws -> Int16 { 0 }
        func decode(_ type: Int32.Type) throws -> Int32 { 0 }
        func decode(_ type: Int64.Type) throws -> Int64 { 0 }
        func decode(_ type: Int128.Type) throws -> Int128 { 0 }
        func decode(_ type: UInt.Type) throws -> UInt { 0 }
        func decode(_ type: UInt8.Type) throws -> UInt8 { 0 }
        func decode(_ type: UInt16.Type) throws -> UInt16 { 0 }
        func decode(_ type: UInt32.Type) throws -> UInt32 { 0 }
        func decode(_ type: UInt64.Type) throws -> UInt64 { 0 }
        func decode(_ type: UInt128.Type) throws -> UInt128 { 0 }
        func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.valueOfAnyCase(type) }
    }

    struct NoElements: UnkeyedDecodingContainer {
        /// Thrown by a type that wants a certain number of elements.
        struct None: Error {}

        let count: Int? = 0
        let isAtEnd = true
        let currentIndex = 0
        var codingPath: [any CodingKey] { [] }

        func decodeNil() throws -> Bool { throw None() }
        func decode<T: Decodable>(_ type: T.Type) throws -> T { throw None() }
        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type
        ) throws -> KeyedDecodingContainer<NestedKey> { throw None() }
        func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw None() }
        func superDecoder() throws -> any Decoder { throw None() }
    }
}
