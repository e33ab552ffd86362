import KVDS

extension SchemaLayout {
    /// Moves a reader behind a value.
    func skip(_ node: TypeNode, _ reader: ByteReader, depth: Int) throws(StoreError) {
        guard depth <= ValueEncoder.maximumDepth else {
            throw .corruptRecord("It is nested more than \(ValueEncoder.maximumDepth) levels deep.")
        }
        switch node.kind {
        case .bool: try reader.skip(1)
        case .integer: try reader.skipVarint()
        case .float: try reader.skip(4)
        case .double, .date: try reader.skip(8)
        case .uuid: try reader.skip(16)
        case .string, .bytes: try reader.skip(try reader.length())
        case .optional:
            if try reader.flag(), let wrapped = node.first { try skip(wrapped, reader, depth: depth) }
        case .list, .set, .map:
            for _ in 0..<(try reader.length()) {
                if let first = node.first { try skip(first, reader, depth: depth + 1) }
                if let second = node.second { try skip(second, reader, depth: depth + 1) }
            }
        case .record, .enumeration: try skip(types[node.index], reader, depth: depth + 1)
        case .unsupported: throw .corruptRecord("It has a type that is not supported.")
        }
    }

    private func skip(_ type: NamedLayout, _ reader: ByteReader, depth: Int) throws(StoreError) {
        switch type {
        case .record(let record): try skip(record, reader, depth: depth)
        case .enumeration(let name, let cases):
            let position = try reader.varint()
            guard position < UInt64(cases.count) else { throw .corruptRecord("\(name) has no such case.") }
            try skip(cases[Int(position)], reader, depth: depth)
        }
    }

    private func skip(_ record: RecordLayout, _ reader: ByteReader, depth: Int) throws(StoreError) {
        let bitmap = reader.position
        try reader.skip(record.bitmapLength + (record.fields.isEmpty ? 1 : 0))
        for field in record.fields {
            if field.presenceBit >= 0, try !reader.bit(field.presenceBit, at: bitmap) { continue }
            if field.valueBit < 0 { try skip(field.node, reader, depth: depth) }
        }
    }
}
