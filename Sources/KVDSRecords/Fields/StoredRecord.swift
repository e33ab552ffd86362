import KVDS

/// An encoded record, whose fields are read without decoding the rest.
struct StoredRecord {
    /// The value without its header.
    let bytes: Bytes
    /// The schema that it was written with.
    let layout: SchemaLayout

    /// The value of a field as an element; the null element if it is nil.
    ///
    /// - Throws: `.corrupt` if the record is damaged.
    func element(_ field: StoredField) throws(StoreError) -> Bytes {
        var writer = TupleWriter()
        try append(field, .ascending, to: &writer)
        return writer.bytes()
    }

    /// Appends the value of a field, which is no list, as an element.
    ///
    /// - Throws: `.corrupt` if the record is damaged.
    func append(_ field: StoredField, _ order: ElementOrder, to writer: inout TupleWriter) throws(StoreError) {
        try unsafe bytes.withUnsafeBytes { buffer throws(StoreError) in
            let reader = unsafe ByteReader(buffer)
            defer { reader.invalidate() }
            guard let place = try seek(field, reader) else {
                return writer.write(element: field.missing ?? ElementBound.null, order)
            }
            try writer.append(place, field.kind, order, reader)
        }
    }

    /// The different elements of a field that is a list, in the order of their bytes.
    ///
    /// - Throws: `.corrupt` if the record is damaged.
    func elements(ofList field: StoredField) throws(StoreError) -> [Bytes] {
        try unsafe bytes.withUnsafeBytes { buffer throws(StoreError) in
            let reader = unsafe ByteReader(buffer)
            defer { reader.invalidate() }
            guard let place = try seek(field, reader) else { return try (field.missing ?? Bytes()).elements() }
            guard case .value(let list) = place, list.kind == .list || list.kind == .set, let element = list.first,
                element.canBecome(field.kind)
            else { return [] }
            var elements: Set<Bytes> = []
            for _ in 0..<(try reader.length()) {
                var writer = TupleWriter()
                try writer.append(.value(element), field.kind, .ascending, reader)
                elements.insert(writer.bytes())
            }
            return elements.sorted()
        }
    }

    /// Moves a reader to the value of a field.
    ///
    /// - Returns: where the value is; nil if the record was written without the field.
    private func seek(_ field: StoredField, _ reader: ByteReader) throws(StoreError) -> FieldPlace? {
        for path in field.paths {
            reader.position = 0
            if let place = try layout.seek(path[...], layout.root, reader) { return place }
        }
        return nil
    }
}

/// What a reader finds at a field.
enum FieldPlace {
    case null
    /// A Bool that is a bit of the bitmap.
    case flag(Bool)
    /// A value of this type, where the reader is.
    case value(TypeNode)
}

extension SchemaLayout {
    /// Moves a reader from the beginning of a record to the value of one of its fields, or of a field inside of one.
    ///
    /// - Parameter path: the names of the fields, with dots between them; empty for the value itself.
    /// - Returns: nil if the record was written without the field.
    func seek(_ path: Substring, _ node: TypeNode, _ reader: ByteReader) throws(StoreError) -> FieldPlace? {
        if path.isEmpty { return .value(node) }
        guard node.kind == .record, case .record(let record) = types[node.index] else { return nil }
        let dot = path.firstIndex(of: ".")
        let name = dot.map { path[..<$0] } ?? path
        guard let position = record.position(String(name)) else { return nil }
        let bitmap = reader.position
        try reader.skip(record.bitmapLength)
        for field in record.fields[..<position] { try skip(field, bitmap: bitmap, reader) }
        let field = record.fields[position]
        if field.presenceBit >= 0, try !reader.bit(field.presenceBit, at: bitmap) { return .null }
        if field.valueBit >= 0 { return .flag(try reader.bit(field.valueBit, at: bitmap)) }
        guard let dot else { return .value(field.node) }
        return try seek(path[path.index(after: dot)...], field.node, reader)
    }

    /// Moves a reader behind one field of a record.
    private func skip(_ field: RecordLayout.Field, bitmap: Int, _ reader: ByteReader) throws(StoreError) {
        if field.presenceBit >= 0, try !reader.bit(field.presenceBit, at: bitmap) { return }
        if field.valueBit < 0 { try skip(field.node, reader, depth: 0) }
    }
}

extension Bytes {
    /// The elements of a packed tuple, each with its bytes.
    fileprivate func elements() throws(StoreError) -> [Bytes] {
        var reader = TupleReader(span)
        var elements: [Bytes] = []
        while let item = try reader.next() { elements.append(slice(item.bounds)) }
        return elements
    }
}
