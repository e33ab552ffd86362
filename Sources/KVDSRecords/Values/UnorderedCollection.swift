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
    /// Appends elements in the order of their encoded keys.
    ///
    /// - Parameters:
    ///   - encodeKey: encodes the key of an element, by which the elements are sorted.
    ///   - encodeValue: encodes the rest of it.
    fileprivate func append<Elements: Collection>(
        sorted elements: Elements, to writer: ByteWriter, _ encodeKey: (Elements.Element, ByteWriter) throws -> Void,
        _ encodeValue: (Elements.Element, ByteWriter) throws -> Void
    ) throws {
        writer.append(varint: UInt64(elements.count))
        let unsorted = ByteWriter(capacity: 16 * elements.count)
        var places: [(start: Int, keyEnd: Int, end: Int)] = []
        places.reserveCapacity(elements.count)
        for element in elements {
            let start = unsorted.count
            try encodeKey(element, unsorted)
            let keyEnd = unsorted.count
            try encodeValue(element, unsorted)
            places.append((start, keyEnd, unsorted.count))
        }
        let bytes = unsorted.bytes
        let entries = places.map { (key: bytes.slice($0.start..<$0.keyEnd), all: bytes.slice($0.start..<$0.end)) }
        for entry in entries.sorted(by: { $0.key < $1.key }) { writer.append(entry.all) }
    }
}

extension Set: UnorderedCollection where Element: Codable {
    static var parts: (element: any Encodable.Type, value: (any Encodable.Type)?) { (Element.self, nil) }

    func encodeElements(in slot: ValueEncoder.Slot, _ parent: ValueEncoder) throws {
        guard slot.node.kind == .set, let element = slot.node.first else { throw slot.mismatch("a set") }
        try parent.append(sorted: self, to: slot.writer) {
            try parent.encode($0, in: ValueEncoder.Slot(element, $1))
        } _: { _, _ in
        }
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
        try parent.append(sorted: self, to: slot.writer) {
            try parent.encode($0.key, in: ValueEncoder.Slot(key, $1))
        } _: {
            try parent.encode($0.value, in: ValueEncoder.Slot(value, $1))
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
