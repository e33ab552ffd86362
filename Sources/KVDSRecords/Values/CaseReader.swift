import KVDS

/// Decodes a case of an enum: its key, and its associated values as a record.
struct CaseReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: ValueDecoder
    private let key: Key

    init(_ decoder: ValueDecoder, _ key: Key) {
        self.decoder = decoder
        self.key = key
    }

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [key] }

    func contains(_ key: Key) -> Bool { key.stringValue == self.key.stringValue }
    func decodeNil(forKey key: Key) throws -> Bool { !contains(key) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        throw decoder.slot.mismatch("a value instead of a case")
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        guard contains(key) else { throw decoder.slot.mismatch("another case") }
        return KeyedDecodingContainer(RecordReader<NestedKey>(decoder))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw decoder.slot.mismatch("a nested container")
    }

    func superDecoder() throws -> any Decoder { throw decoder.slot.mismatch("a superclass") }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw decoder.slot.mismatch("a superclass") }
}
