/// The parts of a record whose fields are encoded in another order than they are stored.
final class FieldWriters {
    let bitmap: ByteWriter
    /// The writers of the fields by position; nil for a field that has not been encoded.
    private(set) var fields: [ByteWriter?]

    init(_ record: RecordLayout) {
        bitmap = ByteWriter(capacity: record.bitmapLength)
        _ = bitmap.appendZeros(record.bitmapLength)
        fields = Array(repeating: nil, count: record.fields.count)
    }

    /// An empty writer. A field that is encoded twice keeps the second value.
    func writer(of field: Int) -> ByteWriter {
        let writer = fields[field] ?? ByteWriter(capacity: 16)
        writer.truncate(to: 0)
        fields[field] = writer
        return writer
    }
}
