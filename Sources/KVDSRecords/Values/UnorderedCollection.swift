import KVDS

/// A collection without an order of its own. Its elements are stored in the order of their encoded bytes, so that equal
/// collections have equal bytes.
protocol UnorderedCollection {
    /// The types of the elements, or of the keys and the values.
    static var parts: (element: any Encodable.Type, value: (any Encodable.Type)?) { get }
    func encodeElements(in slot: ValueEncoder.Slot, _ parent: ValueEncoder) throws
    static func decodeElements(_ parent: ValueDecoder) throws -> Self
}

extension ValueEncoder {
    /// Encodes a value apart from the others.
    fileprivate func encodeApart(_ value: some Encodable, _ node: TypeNode) throws -> Bytes {
        let writer = ByteWriter(capacity: 32)
        try encode(value, in: Slot(node, writer))
        return writer.bytes
    }
}

extension Set: UnorderedCollection where Element: Codable {
    static var parts: (element: any Encodable.Type, value: (any Encodable.Type)?) { (Element.self, nil) }

    func encodeElements(in slot: ValueEncoder.Slot, _ parent: ValueEncoder) throws {
        guard slot.node.kind == .set, let element = slot.node.first else { throw slot.mismatch("a set") }
        slot.writer.append(varint: UInt64(count))
        for bytes in try map({ try parent.encodeApart($0, element) }).sorted() { slot.writer.append(bytes) }
    }

    static func decodeElements(_ parent: ValueDecoder) throws -> Self {
        guard let element = parent.slot.node.first, parent.slot.node.kind == .set else {
            throw parent.slot.mismatch("a set")
        }
        var set = Self()
        for _ in 0..<(try parent.reader.length()) { set.insert(try parent.decode(Element.self, element)) }
        return set
    }
}

extension Dictionary: UnorderedCollection where Key: Codable, Value: Codable {
    static var parts: (element: any Encodable.Type, value: (any Encodable.Type)?) { (Key.self, Value.self) }

    func encodeElements(in slot: ValueEncoder.Slot, _ parent: ValueEncoder) throws {
        guard slot.node.kind == .map, let key = slot.node.first, let value = slot.node.second else {
            throw slot.mismatch("a dictionary")
        }
        slot.writer.append(varint: UInt64(count))
        let entries = try map { entry in
            Entry(key: try parent.encodeApart(entry.key, key), value: try parent.encodeApart(entry.value, value))
        }
        for entry in entries.sorted(by: { $0.key < $1.key }) {
            slot.writer.append(entry.key)
            slot.writer.append(entry.value)
        }
    }

    static func decodeElements(_ parent: ValueDecoder) throws -> Self {
        guard let key = parent.slot.node.first, let value = parent.slot.node.second, parent.slot.node.kind == .map
        else { throw parent.slot.mismatch("a dictionary") }
        var dictionary = Self()
        for _ in 0..<(try parent.reader.length()) {
            let key = try parent.decode(Key.self, key)
            dictionary.updateValue(try parent.decode(Value.self, value), forKey: key)
        }
        return dictionary
    }
}
