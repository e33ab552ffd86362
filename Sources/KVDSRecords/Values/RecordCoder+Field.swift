package import KVDS

extension RecordCoder {
    /// Decodes one field of a record. The fields before it are skipped, and those after it are not looked at.
    ///
    /// - Parameters:
    ///   - name: the name of a field of the record itself, as it was stored.
    ///   - type: the type to decode. An optional, if the field may be nil.
    ///   - bytes: all of the bytes of a record.
    ///   - writer: the schema that it was written with. Default: that of the type.
    /// - Returns: nil if the record was written without such a field.
    /// - Throws: `.corrupt` if the bytes up to the end of the field are damaged; `.incompatibleSchema` if the type does
    ///   not accept them, or if the value is not a struct.
    package func decodeField<Value: Decodable>(
        _ name: String, as type: Value.Type, from bytes: Bytes, writtenWith writer: SchemaLayout? = nil
    ) throws(StoreError) -> Value? {
        let layout = writer ?? layout
        return try Self.read(bytes) { reader in
            let root = ValueDecoder.Slot(layout.root)
            guard root.node.kind == .record, case .record(let record) = layout.types[root.node.index] else {
                throw root.mismatch("a record")
            }
            let decoder = ValueDecoder(root, reader, layout, depth: 1)
            try decoder.begin(record)
            guard let slot = try decoder.seek(name) else { return nil }
            return try decoder.decode(type, in: slot)
        }
    }
}
