import KVDS

/// Decodes the fields of a record. Most types ask for them in the order in which they are stored.
extension ValueDecoder {
    func begin(_ record: RecordLayout) throws(StoreError) {
        self.record = record
        fields = record.fields
        bitmap = reader.position
        try reader.skip(record.bitmapLength + (fields.isEmpty ? 1 : 0))
        (nextField, nextPosition) = (0, reader.position)
    }

    /// What the next field of a record is.
    enum NextField { case value, nothing, other }

    /// Moves the reader to the next field.
    ///
    /// - Returns: `.value` or `.nothing` if the field has this name and this type, and is not nil or nil; `.other` if
    ///   it must be sought by its name, or read from a slot.
    @inline(__always)
    func next(_ name: String, _ kind: TypeNode.Kind) throws(StoreError) -> NextField {
        guard nextField < fields.count, fields[nextField].name == name, fields[nextField].kind == kind else {
            return .other
        }
        reader.position = nextPosition
        let presenceBit = fields[nextField].presenceBit
        if presenceBit < 0 { return .value }
        return try reader.bit(presenceBit, at: bitmap) ? .value : .nothing
    }

    /// The value of the next field, which is a Bool.
    @inline(__always)
    func nextBool() throws(StoreError) -> Bool { try reader.bit(fields[nextField].valueBit, at: bitmap) }

    /// Moves the reader to the field with this name.
    ///
    /// - Returns: its slot; nil if the record has no such field.
    func seek(_ name: String) throws(StoreError) -> Slot? {
        if nextField >= fields.count || fields[nextField].name != name {
            guard let field = record?.position(name) else { return nil }
            if field < nextField { (nextField, nextPosition) = (0, bitmap + (record?.bitmapLength ?? 0)) }
            reader.position = nextPosition
            while nextField < field { try skipNext() }
        }
        reader.position = nextPosition
        let field = fields[nextField]
        var slot = Slot(field.node)
        slot.bitmap = bitmap
        slot.presenceBit = field.presenceBit
        slot.valueBit = field.valueBit
        return slot
    }

    /// The name under which a field is stored, which may be an old name; nil if the record was written without it.
    func storedName(_ name: String) -> String? {
        guard let record else { return nil }
        if record.position(name) != nil { return name }
        return expectations?.oldNames[name]?.first { record.position($0) != nil }
    }

    /// Notes that the field to which the reader was moved was read.
    @inline(__always)
    func advance() {
        nextField += 1
        nextPosition = reader.position
    }

    private func skipNext() throws(StoreError) {
        let presenceBit = fields[nextField].presenceBit
        let isNil = if presenceBit >= 0 { try !reader.bit(presenceBit, at: bitmap) } else { false }
        if !isNil, fields[nextField].valueBit < 0 {
            // The kinds of most fields, for which the node is not needed.
            switch fields[nextField].kind {
            case .integer: try reader.skipVarint()
            case .string: try reader.skip(try reader.length())
            case .double: try reader.skip(8)
            default: try layout.skip(fields[nextField].node, reader, depth: 0)
            }
        }
        advance()
    }

    /// Moves the reader behind the record.
    func finishRecord() throws(StoreError) {
        reader.position = nextPosition
        while nextField < fields.count { try skipNext() }
    }
}
