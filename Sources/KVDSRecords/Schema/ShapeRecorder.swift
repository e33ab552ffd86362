/// Records which container a value encodes itself in, and the names and types of what it puts there.
final class ShapeRecorder: Encoder {
    struct Field {
        let name: String
        let type: any Encodable.Type
        let isOptional: Bool
    }

    enum Shape {
        case nothing
        case single(any Encodable.Type)
        case list
        case record([Field])
        case enumCase(String, [Field])
        /// A container inside of a container, or a superclass.
        case unsupported
    }

    var shape = Shape.nothing
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func shape(of value: some Encodable) throws -> Shape {
        let recorder = ShapeRecorder()
        try value.encode(to: recorder)
        return recorder.shape
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .nothing = shape { shape = .record([]) }
        return KeyedEncodingContainer(Keyed(recorder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        shape = .list
        return Unkeyed()
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(recorder: self) }

    fileprivate func add(_ name: String, _ type: any Encodable.Type, isOptional: Bool) {
        let field = Field(name: name, type: type, isOptional: isOptional)
        switch shape {
        case .record(let fields): shape = .record(fields + [field])
        case .enumCase(let name, let fields): shape = .enumCase(name, fields + [field])
        default: shape = .unsupported
        }
    }

    struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let recorder: ShapeRecorder
        var codingPath: [any CodingKey] { [] }

        private func add<T: Encodable>(_ type: T.Type, _ key: Key, isOptional: Bool = true) {
            recorder.add(key.stringValue, type, isOptional: isOptional)
        }

        // A nil does not tell its type.
        func encodeNil(forKey key: Key) throws { recorder.shape = .unsupported }
        func encode<T: Encodable>(_ value: T, forKey key: Key) throws { add(T.self, key, isOptional: false) }
        // The standard library's implementations refuse these two.
        func encode(_ value: Int128, forKey key: Key) throws { add(Int128.self, key, isOptional: false) }
        func encode(_ value: UInt128, forKey key: Key) throws { add(UInt128.self, key, isOptional: false) }

        func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws { add(T.self, key) }
        func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { add(Bool.self, key) }
        func encodeIfPresent(_ value: String?, forKey key: Key) throws { add(String.self, key) }
        func encodeIfPresent(_ value: Double?, forKey key: Key) throws { add(Double.self, key) }
        func encodeIfPresent(_ value: Float?, forKey key: Key) throws { add(Float.self, key) }
        func encodeIfPresent(_ value: Int?, forKey key: Key) throws { add(Int.self, key) }
        func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { add(Int8.self, key) }
        func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { add(Int16.self, key) }
        func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { add(Int32.self, key) }
        func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { add(Int64.self, key) }
        func encodeIfPresent(_ value: Int128?, forKey key: Key) throws { add(Int128.self, key) }
        func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { add(UInt.self, key) }
        func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { add(UInt8.self, key) }
        func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { add(UInt16.self, key) }
        func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { add(UInt32.self, key) }
        func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { add(UInt64.self, key) }
        func encodeIfPresent(_ value: UInt128?, forKey key: Key) throws { add(UInt128.self, key) }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy keyType: NestedKey.Type, forKey key: Key
        ) -> KeyedEncodingContainer<NestedKey> {
            if case .record(let fields) = recorder.shape, fields.isEmpty {
                recorder.shape = .enumCase(key.stringValue, [])
            } else {
                recorder.shape = .unsupported
            }
            return KeyedEncodingContainer(Keyed<NestedKey>(recorder: recorder))
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            recorder.shape = .unsupported
            return Unkeyed()
        }

        func superEncoder() -> any Encoder {
            recorder.shape = .unsupported
            return ShapeRecorder()
        }

        func superEncoder(forKey key: Key) -> any Encoder { superEncoder() }
    }

    struct Single: SingleValueEncodingContainer {
        let recorder: ShapeRecorder
        var codingPath: [any CodingKey] { [] }

        func encodeNil() throws { recorder.shape = .unsupported }
        func encode<T: Encodable>(_ value: T) throws { recorder.shape = .single(T.self) }
        func encode(_ value: Int128) throws { recorder.shape = .single(Int128.self) }
        func encode(_ value: UInt128) throws { recorder.shape = .single(UInt128.self) }
    }

    /// The elements of a list are not recorded: the types that are lists tell the type of their elements.
    struct Unkeyed: UnkeyedEncodingContainer {
        var count: Int { 0 }
        var codingPath: [any CodingKey] { [] }

        func encodeNil() throws {}
        func encode<T: Encodable>(_ value: T) throws {}
        func nestedContainer<NestedKey: CodingKey>(
            keyedBy keyType: NestedKey.Type
        ) -> KeyedEncodingContainer<NestedKey> { KeyedEncodingContainer(Keyed(recorder: ShapeRecorder())) }
        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { Self() }
        func superEncoder() -> any Encoder { ShapeRecorder() }
    }
}
