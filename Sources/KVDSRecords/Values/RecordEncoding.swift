import KVDS

/// The state of a record whose fields are being encoded.
final class RecordEncoding {
    /// Thrown when a type encodes its fields in another order than its schema. The record is then encoded again, with a
    /// writer for each field.
    struct OutOfOrder: Error {}

    let layout: RecordLayout
    private let writer: ByteWriter
    private let bitmap: (writer: ByteWriter, offset: Int)
    /// The first field that has not been encoded.
    private var next = 0
    /// The writers of the fields of a scattered record, by position.
    private var parts: [ByteWriter?]

    init(_ layout: RecordLayout, _ writer: ByteWriter, isScattered: Bool) {
        self.layout = layout
        self.writer = writer
        parts = isScattered ? Array(repeating: nil, count: layout.fields.count) : []
        let bitmapWriter = isScattered ? ByteWriter(capacity: layout.bitmapLength) : writer
        bitmap = (bitmapWriter, bitmapWriter.appendZeros(layout.bitmapLength))
    }

    private var isScattered: Bool { parts.count == layout.fields.count && !parts.isEmpty }

    /// The slot of the field with this name.
    @inline(__always)
    func slot(_ name: String) throws -> ValueEncoder.Slot {
        let field = try field(name)
        var slot = ValueEncoder.Slot(layout.fields[field].node, isScattered ? part(field) : writer)
        slot.bitmap = bitmap
        slot.presenceBit = layout.fields[field].presenceBit
        slot.valueBit = layout.fields[field].valueBit
        return slot
    }

    private func field(_ name: String) throws -> Int {
        if isScattered {
            guard let field = layout.fields.firstIndex(where: { $0.name == name }) else { throw unknown(name) }
            return field
        }
        var field = next
        while field < layout.fields.count {
            if layout.fields[field].name == name {
                next = field + 1
                return field
            }
            // A type may leave out an optional that is nil.
            guard layout.fields[field].isOptional else { throw OutOfOrder() }
            field += 1
        }
        throw OutOfOrder()
    }

    private func part(_ field: Int) -> ByteWriter {
        let part = parts[field] ?? ByteWriter(capacity: 16)
        part.truncate(to: 0)
        parts[field] = part
        return part
    }

    private func unknown(_ name: String) -> StoreError {
        StoreError(.invalidRecord, "\(layout.name) encoded a field \(name), which its schema does not have.")
    }

    /// Checks that no field is missing, and joins the parts of a scattered record.
    func finish() throws {
        if isScattered {
            writer.append(bitmap.writer.bytes)
            for (field, part) in zip(layout.fields, parts) {
                if let part { writer.append(part.bytes) } else if !field.isOptional { throw missing(field) }
            }
        } else if let field = layout.fields[next...].first(where: { !$0.isOptional }) {
            throw missing(field)
        }
        // A record takes at least one byte, so that a short input cannot count millions of them.
        if layout.fields.isEmpty { writer.append(0 as UInt8) }
    }

    private func missing(_ field: RecordLayout.Field) -> StoreError {
        StoreError(.invalidRecord, "\(layout.name) did not encode its field \(field.name), which is not an optional.")
    }
}
