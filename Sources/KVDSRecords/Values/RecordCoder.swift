package import KVDS

/// Encodes and decodes the values of one type.
///
/// Equal values have equal bytes: dictionaries and sets are sorted, and -0.0 is stored as 0.0. Strings are stored with
/// the Unicode scalars they have, so two strings that differ only in normalization have different bytes.
package struct RecordCoder<Record: Codable>: Sendable {
    package let layout: SchemaLayout

    /// - Throws: `.incompatibleSchema` if the type cannot be stored.
    package init(_ type: Record.Type = Record.self) throws(StoreError) {
        layout = SchemaLayout(try Schema.of(type))
    }

    /// Appends the bytes of a record.
    ///
    /// - Throws: `.invalidRecord` if the record does not encode itself as its schema says, or is nested too deeply. The
    ///   errors of its own `encode(to:)` are not passed on, because they may contain values.
    package func encode(_ record: Record, to writer: ByteWriter) throws(StoreError) {
        let start = writer.count
        do {
            do {
                try encode(record, to: writer, isScattered: false)
            } catch is ValueEncoder.OutOfOrder {
                writer.truncate(to: start)
                try encode(record, to: writer, isScattered: true)
            }
        } catch {
            writer.truncate(to: start)
            throw error as? StoreError
                ?? StoreError(.invalidRecord, "The encode(to:) of \(Record.self) threw a \(type(of: error)).")
        }
    }

    private func encode(_ record: Record, to writer: ByteWriter, isScattered: Bool) throws {
        let slot = ValueEncoder.Slot(layout.root, writer)
        guard layout.root.hasFields else {
            return try ValueEncoder(slot, layout, depth: 0, isScattered: isScattered).encode(record, in: slot)
        }
        let encoder = ValueEncoder(slot, layout, depth: 1, isScattered: isScattered)
        try record.encode(to: encoder)
        try encoder.finish()
    }

    package func encode(_ record: Record) throws(StoreError) -> Bytes {
        let writer = ByteWriter()
        try encode(record, to: writer)
        return writer.bytes
    }

    /// Decodes a record.
    ///
    /// - Parameters:
    ///   - bytes: all of the bytes of a record.
    ///   - writer: the schema that it was written with. Default: that of the type.
    /// - Throws: `.corrupt` if the bytes are damaged; `.incompatibleSchema` if the type does not accept them.
    package func decode(
        _ bytes: Bytes, writtenWith writer: SchemaLayout? = nil, expecting expectations: FieldExpectations? = nil
    ) throws(StoreError) -> Record {
        try Self.read(bytes) { try decode($0, writer ?? layout, expectations) }
    }

    /// Reads the bytes of a record. Errors of a type's own `init(from:)` are replaced.
    static func read<Value>(_ bytes: Bytes, _ body: (ByteReader) throws -> Value) throws(StoreError) -> Value {
        do {
            return try unsafe bytes.withUnsafeBytes { buffer in
                let reader = unsafe ByteReader(buffer)
                defer { reader.invalidate() }
                return try body(reader)
            }
        } catch let error as StoreError {
            throw error
        } catch {
            // The description of the error may contain the value.
            throw StoreError(.incompatibleSchema, "The init(from:) of \(Record.self) refused a stored value.")
        }
    }

    private func decode(
        _ reader: ByteReader, _ layout: SchemaLayout, _ expectations: FieldExpectations?
    ) throws -> Record {
        let slot = ValueDecoder.Slot(layout.root)
        guard layout.root.hasFields else {
            let value = try ValueDecoder(slot, reader, layout, depth: 0).decode(Record.self, in: slot)
            try expectEnd(reader)
            return value
        }
        let decoder = ValueDecoder(slot, reader, layout, depth: 1, expectations: expectations)
        let record = try Record(from: decoder)
        try decoder.finish()
        try expectEnd(reader)
        return record
    }

    private func expectEnd(_ reader: ByteReader) throws(StoreError) {
        if !reader.isAtEnd { throw .corruptRecord("It continues after its end.") }
    }
}
