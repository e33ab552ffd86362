import KVDS

/// Decodes one value that was written with a known schema. It is the `Decoder` that the type's `init(from:)` receives.
///
/// The schema is that of the writer, which may be an older or a newer one than that of the type. So a value is found by
/// its name, and an integer or a float is converted if it fits.
final class ValueDecoder: Decoder {
    /// Where a value is.
    struct Slot {
        var node: TypeNode
        /// The offset of the record's bitmap. Used only with a bit.
        var bitmap = 0
        /// The bit that tells whether the value is not nil; -1 for none.
        var presenceBit = -1
        /// The bit that holds a Bool; -1 for none.
        var valueBit = -1

        init(_ node: TypeNode) { self.node = node }
    }

    let reader: ByteReader
    let layout: SchemaLayout
    let depth: Int
    var slot: Slot
    /// Where the value begins, and what it is there.
    private let start: (position: Int, slot: Slot)
    /// The record, once its fields are being decoded.
    var record: RecordLayout?
    var fields: [RecordLayout.Field] = []
    /// The first field that has not been decoded, and where it begins.
    var nextField = 0
    var nextPosition = 0
    /// The offset of the record's bitmap.
    var bitmap = 0
    /// The list, once its elements are being decoded: where the next one begins, and how many are left.
    var list: (next: Int, left: Int)?
    /// Whether the reader is behind the value.
    var isRead = false
    /// What the type expects of its fields, if it is the record itself.
    let expectations: FieldExpectations?

    init(
        _ slot: Slot, _ reader: ByteReader, _ layout: SchemaLayout, depth: Int, expectations: FieldExpectations? = nil
    ) {
        self.slot = slot
        self.reader = reader
        self.layout = layout
        self.depth = depth
        self.expectations = expectations
        start = (reader.position, slot)
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Moves to the value inside of optionals.
    ///
    /// - Throws: if there is none.
    func beginValue() throws {
        if slot.presenceBit < 0, slot.node.kind != .optional { return }
        // Changed as a copy, so that no access to the variable lasts, which the program would have to check.
        var begun = slot
        if try begun.isNil(reader) { throw slot.mismatch("a value that is not nil") }
        begun.presenceBit = -1
        slot = begun
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if record != nil { return KeyedDecodingContainer(RecordReader(self)) }
        try beginValue()
        guard slot.node.hasFields else { throw slot.mismatch("a record") }
        switch layout.types[slot.node.index] {
        case .record(let fields):
            try begin(fields)
            return KeyedDecodingContainer(RecordReader(self))
        case .enumeration(let name, let cases): return KeyedDecodingContainer(try caseReader(name, cases))
        }
    }

    private func caseReader<Key: CodingKey>(_ name: String, _ cases: [RecordLayout]) throws -> CaseReader<Key> {
        let position = try reader.varint()
        guard position < UInt64(cases.count) else { throw StoreError.corruptRecord("\(name) has no such case.") }
        let fields = cases[Int(position)]
        guard let key = Key(stringValue: fields.name) else {
            throw StoreError(
                .incompatibleSchema, "A stored \(name) is the case \(fields.name), which the type does not have.")
        }
        try begin(fields)
        return CaseReader(self, key)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        if list == nil {
            try beginValue()
            guard slot.node.kind == .list || slot.node.kind == .set else { throw slot.mismatch("a list") }
            list = (0, try reader.length())
            list?.next = reader.position
        }
        return ListReader(self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    /// Decodes a value of a type of its own.
    func decode<T: Decodable>(_ type: T.Type, _ node: TypeNode) throws -> T { try decode(type, in: Slot(node)) }

    func decode<T: Decodable>(_ type: T.Type, in slot: Slot) throws -> T {
        var slot = slot
        if T.self == String.self { return unsafe cast(try slot.string(reader), to: T.self) }
        if T.self == Int.self { return unsafe cast(try slot.integer(Int.self, reader), to: T.self) }
        if T.self == Double.self { return unsafe cast(try slot.double(reader), to: T.self) }
        // Most values decode themselves. Asking `readKnown` would cost them a look at the type of an optional of them.
        switch slot.node.kind {
        case .record, .enumeration, .list: return try decodeItself(type, slot)
        default: return try decodeKnown(type, slot)
        }
    }

    private func decodeKnown<T: Decodable>(_ type: T.Type, _ slot: Slot) throws -> T {
        var slot = slot
        return try slot.readKnown(type, self) ?? decodeItself(type, slot)
    }

    private func decodeItself<T: Decodable>(_ type: T.Type, _ slot: Slot) throws -> T {
        let decoder = try nested(in: slot)
        let value = try T(from: decoder)
        try decoder.finish()
        return value
    }

    /// A decoder of a value inside of this one.
    func nested(in slot: Slot) throws -> ValueDecoder {
        guard depth < ValueEncoder.maximumDepth else {
            throw StoreError.corruptRecord("It is nested more than \(ValueEncoder.maximumDepth) levels deep.")
        }
        return ValueDecoder(slot, reader, layout, depth: depth + 1)
    }

    /// Moves the reader behind the value, whatever its type has decoded of it.
    func finish() throws {
        if isRead { return }
        if record != nil { return try finishRecord() }
        if let list, let element = slot.node.first {
            reader.position = list.next
            for _ in 0..<list.left { try layout.skip(element, reader, depth: depth + 1) }
            return
        }
        reader.position = start.position
        let slot = start.slot
        if slot.presenceBit >= 0, try !reader.bit(slot.presenceBit, at: slot.bitmap) { return }
        if slot.valueBit < 0 { try layout.skip(slot.node, reader, depth: depth) }
    }
}
