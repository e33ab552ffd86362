import KVDS

/// A record in the order of a query.
struct SortedRecord: Hashable, Sendable {
    /// The ordered fields, as elements in their directions.
    let fields: Bytes
    /// The key of the record, without the prefix of the table.
    let key: Bytes

    func precedes(_ other: SortedRecord, _ keyOrder: ElementOrder) -> Bool {
        if fields != other.fields { return fields < other.fields }
        return keyOrder == .ascending ? key < other.key : other.key < key
    }
}

/// Sorts the records of a query by its order. Of more records than the limit, only the first ones are kept.
struct RecordSorter {
    private let query: StoredQuery
    private let limit: Int
    private var records: [SortedRecord] = []
    private var last: SortedRecord?

    init(_ query: StoredQuery, limit: Int?) {
        self.query = query
        self.limit = limit ?? .max
    }

    /// Leaves out the records up to one, and that one.
    mutating func skip(through last: SortedRecord) { self.last = last }

    /// - Throws: `.corrupt` if the record is damaged.
    mutating func add(_ record: StoredRecord, key: Bytes) throws(StoreError) {
        var writer = TupleWriter()
        for term in query.order { try record.append(term.field, term.order, to: &writer) }
        let sorted = SortedRecord(fields: writer.bytes(), key: key)
        if let last, !last.precedes(sorted, query.keyOrder) { return }
        records.append(sorted)
        // Seldom enough that each record is sorted a constant number of times.
        if records.count / 2 > max(limit, 1024) { shorten() }
    }

    /// The first records in their order.
    mutating func finish() -> [SortedRecord] {
        shorten()
        return records
    }

    private mutating func shorten() {
        records.sort { $0.precedes($1, query.keyOrder) }
        if records.count > limit { records.removeSubrange(limit...) }
    }
}
