import KVDS

/// The state of a record whose fields are being decoded.
final class RecordDecoding {
    let layout: RecordLayout
    private let reader: ByteReader
    private let bitmap: Int
    /// The first field that has not been read, and where it begins.
    private var next = 0
    private var position: Int

    init(_ layout: RecordLayout, _ reader: ByteReader) throws {
        self.layout = layout
        self.reader = reader
        bitmap = reader.position
        try reader.skip(layout.bitmapLength + (layout.fields.isEmpty ? 1 : 0))
        position = reader.position
    }

    /// Moves the reader to the field with this name.
    ///
    /// - Returns: its slot; nil if the record has no such field.
    @inline(__always)
    func seek(_ name: String, _ types: SchemaLayout) throws -> ValueDecoder.Slot? {
        if next >= layout.fields.count || layout.fields[next].name != name {
            guard let field = layout.fields.firstIndex(where: { $0.name == name }) else { return nil }
            if field < next { (next, position) = (0, bitmap + layout.bitmapLength) }
            reader.position = position
            while next < field { try skipNext(types) }
        }
        reader.position = position
        let field = layout.fields[next]
        var slot = ValueDecoder.Slot(field.node)
        slot.bitmap = bitmap
        slot.presenceBit = field.presenceBit
        slot.valueBit = field.valueBit
        return slot
    }

    /// The name under which a field is stored; nil if the record was written without it.
    func storedName(_ name: String, _ expectations: FieldExpectations?) -> String? {
        let names = [name] + (expectations?.oldNames[name] ?? [])
        return names.first { name in layout.fields.contains { $0.name == name } }
    }

    /// Notes that the field to which ``seek(_:_:)`` moved was read.
    @inline(__always)
    func advance() {
        next += 1
        position = reader.position
    }

    private func skipNext(_ types: SchemaLayout) throws {
        let field = layout.fields[next]
        let isNil = if field.presenceBit >= 0 { try !reader.bit(field.presenceBit, at: bitmap) } else { false }
        if !isNil, field.valueBit < 0 { try types.skip(field.node, reader, depth: 0) }
        advance()
    }

    /// Moves the reader behind the record.
    func finish(_ types: SchemaLayout) throws {
        reader.position = position
        while next < layout.fields.count { try skipNext(types) }
    }
}
