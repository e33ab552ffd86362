import KVDS

/// Encodes one value of a known type. It is the `Encoder` that the type's `encode(to:)` receives.
///
/// Each value has a slot: the type it must have, the writer it goes to, and for a field of a record its bits in the
/// record's bitmap. A type that encodes itself as a single other value, such as an enum with raw values, passes its
/// slot on to that value.
final class ValueEncoder: Encoder {
    /// Where a value goes.
    struct Slot {
        var node: TypeNode
        let writer: ByteWriter
        /// The bitmap: its offset, and its writer if that is another one. Used only with a bit.
        var bitmap: (offset: Int, writer: ByteWriter?) = (0, nil)
        /// The bit to set for a value that is not nil; -1 for none.
        var presenceBit = -1
        /// The bit that holds a Bool; -1 for none.
        var valueBit = -1

        init(_ node: TypeNode, _ writer: ByteWriter) {
            self.node = node
            self.writer = writer
        }
    }

    /// How deep values may be nested.
    static let maximumDepth = 64

    let layout: SchemaLayout
    let depth: Int
    /// Whether each field gets a writer of its own, because a type encodes its fields in another order than its schema.
    let isScattered: Bool
    var slot: Slot
    /// The record, once its fields are being encoded.
    var record: RecordLayout?
    /// Its fields; none if they are scattered.
    var orderedFields: [RecordLayout.Field] = []
    /// The first of them that has not been encoded.
    var nextField = 0
    /// The offset of its bitmap.
    var bitmap = 0
    /// The writers of its fields, if they are scattered.
    var parts: FieldWriters?
    /// The list, once its elements are being encoded: where its length goes, and how many there are.
    var list: (offset: Int, count: Int)?
    var hasEncoded = false

    init(_ slot: Slot, _ layout: SchemaLayout, depth: Int, isScattered: Bool) {
        self.slot = slot
        self.layout = layout
        self.depth = depth
        self.isScattered = isScattered
    }

    var writer: ByteWriter {
        @inline(__always) get { slot.writer }
    }

    // A path would cost an allocation for each value.
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        beginValue()
        switch slot.node.kind {
        case .record:
            if record == nil, case .record(let fields) = layout.types[slot.node.index] { begin(fields) }
            return KeyedEncodingContainer(RecordWriter(self))
        case .enumeration: return KeyedEncodingContainer(CaseWriter(self))
        default: return KeyedEncodingContainer(RecordWriter(self))
        }
    }

    /// An encoder that refuses every value.
    var unsupported: ValueEncoder {
        ValueEncoder(Slot(.unsupported, slot.writer), layout, depth: depth, isScattered: isScattered)
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        beginValue()
        return ListWriter(self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Notes that the value is not nil.
    func beginValue() {
        hasEncoded = true
        // Changed as a copy, so that no access to the variable lasts, which the program would have to check.
        var begun = slot
        begun.begin()
        slot = begun
    }

    /// Encodes a value that has its own slot.
    func encode<T: Encodable>(_ value: T, in slot: Slot) throws {
        var slot = slot
        // A `nil` of type `Int?` is a value of a field of type `Int??`.
        if slot.presenceBit >= 0, slot.node.kind == .optional,
            let type = T.self as? any OptionalValue.Type, type.depth <= slot.node.optionalDepth
        {
            slot.setPresence()
        }
        if try slot.writeKnown(value, self) { return }
        let encoder = try nested(in: slot)
        try value.encode(to: encoder)
        try encoder.finish()
    }

    /// An encoder of a value inside of this one.
    func nested(in slot: Slot) throws -> ValueEncoder {
        guard depth < Self.maximumDepth else {
            throw StoreError(.invalidRecord, "The record is nested more than \(Self.maximumDepth) levels deep.")
        }
        return ValueEncoder(slot, layout, depth: depth + 1, isScattered: isScattered)
    }

    /// Completes the value after its type has encoded itself.
    func finish() throws {
        if !hasEncoded {
            // A type without fields need not request a container.
            guard slot.node.kind == .record || slot.node.kind == .optional else { throw slot.mismatch("nothing") }
            beginValue()
        }
        if slot.node.kind == .record, record == nil, case .record(let fields) = layout.types[slot.node.index] {
            begin(fields)
        }
        try finishRecord()
        if let list { slot.writer.replaceByte(at: list.offset, withVarint: UInt64(list.count)) }
    }
}
