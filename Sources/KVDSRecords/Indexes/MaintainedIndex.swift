import KVDS

/// An index with the beginning of its keys. It makes the entries of records.
struct MaintainedIndex: Sendable {
    let description: IndexDescription
    /// The beginning of the keys of its entries.
    let prefix: Bytes

    /// The entries of a record, in the order of their keys. Most indexes have one or none.
    ///
    /// The key of an entry has the fields. In a unique index the value is the key of the record, unless a field is nil.
    /// Otherwise the key of the record follows in the entry's key, so that entries are different, and the value is
    /// empty.
    ///
    /// - Parameter key: the key of the record, without the prefix of the table.
    /// - Throws: `.corrupt` if the record is damaged.
    func entries(of record: StoredRecord, key: Bytes) throws(StoreError) -> [Entry] {
        if let predicate = description.predicate, try !record.matches(predicate) { return [] }
        guard let list = description.fields.first, list.field.isList else {
            return [try entry(of: record, key: key, element: nil)]
        }
        var entries: [Entry] = []
        for element in try record.elements(ofList: list.field) {
            entries.append(try entry(of: record, key: key, element: element))
        }
        return list.order == .ascending ? entries : entries.reversed()
    }

    /// Whether no other record may have an entry with this key.
    func isUnique(_ entry: Entry) -> Bool { !entry.value.isEmpty }

    /// - Parameter element: the element of the first field, if that is a list.
    private func entry(of record: StoredRecord, key: Bytes, element: Bytes?) throws(StoreError) -> Entry {
        var writer = TupleWriter(after: prefix)
        var hasNull = false
        for (position, field) in description.fields.enumerated() {
            let start = writer.count
            if position == 0, let element {
                writer.write(element: element, field.order)
            } else {
                try record.append(field.field, field.order, to: &writer)
            }
            if writer.count == start + 1, writer.lastByte == field.order.code(TupleCode.null) { hasNull = true }
        }
        if description.isUnique, !hasNull { return Entry(key: writer.bytes(), value: key) }
        writer.write(elements: key, description.keyOrder)
        return Entry(key: writer.bytes(), value: Bytes())
    }

    /// The key of the record that an entry is about, without the prefix of the table.
    ///
    /// - Throws: `.corrupt` if the entry is damaged.
    func recordKey(of entry: Entry) throws(StoreError) -> Bytes {
        if !entry.value.isEmpty { return entry.value }
        do throws(StoreError) {
            var reader = TupleReader(entry.key.span, from: prefix.count)
            for field in description.fields { _ = try reader.next(field.order) }
            if description.keyOrder == .ascending { return entry.key.slice(reader.position..<entry.key.count) }
            var writer = TupleWriter()
            while let item = try reader.next(.descending) { writer.append(item.element(in: entry.key)) }
            return writer.bytes()
        } catch {
            throw StoreError(.corrupt, "An entry of the index \(description.name) is damaged.")
        }
    }
}

extension TupleWriter {
    /// Appends the elements of a packed tuple in a direction.
    mutating func write(elements key: Bytes, _ order: ElementOrder) {
        guard order == .descending, let tuple = try? Tuple(unpacking: key) else { return write(key.span) }
        for element in tuple { append(element, .descending) }
    }
}
