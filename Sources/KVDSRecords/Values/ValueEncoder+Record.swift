import KVDS

/// Encodes the fields of a record in the order of its schema, which is the order in which most types encode them.
extension ValueEncoder {
    /// Thrown when a type encodes its fields in another order than its schema. The record is then encoded again, with a
    /// writer for each field.
    struct OutOfOrder: Error {}

    func begin(_ record: RecordLayout) {
        self.record = record
        if isScattered {
            parts = FieldWriters(record)
        } else {
            orderedFields = record.fields
            bitmap = writer.appendZeros(record.bitmapLength)
        }
    }

    /// Notes that the next field has a value, if the field has this name and this type.
    ///
    /// - Returns: the position of the field, whose value now goes to ``writer``; nil if it must be written to a slot.
    @inline(__always)
    func take(_ name: String, _ kind: TypeNode.Kind) -> Int? {
        var field = nextField
        while field < orderedFields.count {
            if orderedFields[field].name == name {
                guard orderedFields[field].kind == kind else { return nil }
                let presenceBit = orderedFields[field].presenceBit
                if presenceBit >= 0 { writer.setBit(presenceBit, at: bitmap) }
                nextField = field + 1
                return field
            }
            // A type may leave out an optional that is nil.
            guard orderedFields[field].isOptional else { return nil }
            field += 1
        }
        return nil
    }

    /// The slot of the field with this name.
    func fieldSlot(_ name: String) throws -> Slot {
        guard let record else { throw slot.mismatch("a record") }
        let position = try parts == nil ? orderedField(name) : scatteredField(name, record)
        let field = record.fields[position]
        var slot = Slot(field.node, parts?.writer(of: position) ?? writer)
        slot.bitmap = (bitmap, parts?.bitmap)
        slot.presenceBit = field.presenceBit
        slot.valueBit = field.valueBit
        return slot
    }

    private func orderedField(_ name: String) throws -> Int {
        var field = nextField
        while field < orderedFields.count {
            if orderedFields[field].name == name {
                nextField = field + 1
                return field
            }
            guard orderedFields[field].isOptional else { throw OutOfOrder() }
            field += 1
        }
        throw OutOfOrder()
    }

    private func scatteredField(_ name: String, _ record: RecordLayout) throws -> Int {
        guard let field = record.position(name) else {
            throw StoreError(
                .invalidRecord, "\(record.name) encoded a field \(name), which its schema does not have.")
        }
        return field
    }

    /// Checks that no field is missing, and joins the parts of a scattered record.
    func finishRecord() throws {
        guard let record else { return }
        if let parts {
            writer.append(parts.bitmap.bytes)
            for (field, part) in zip(record.fields, parts.fields) {
                if let part { writer.append(part.bytes) } else if !field.isOptional { throw missing(field, record) }
            }
        } else {
            while nextField < orderedFields.count {
                guard orderedFields[nextField].isOptional else { throw missing(orderedFields[nextField], record) }
                nextField += 1
            }
        }
        // A record takes at least one byte, so that a short input cannot count millions of them.
        if record.fields.isEmpty { writer.append(0 as UInt8) }
    }

    private func missing(_ field: RecordLayout.Field, _ record: RecordLayout) -> StoreError {
        StoreError(
            .invalidRecord, "\(record.name) did not encode its field \(field.name), which is not an optional.")
    }
}
