import KVDS

/// A query with the snapshot that it reads, and the way in which it reads it.
struct PreparedQuery<Record: Codable & Sendable> {
    let query: Query<Record>
    let reader: any StoreReader
    let state: CatalogState
    let stored: StoredQuery
    /// The possible ways, the best first.
    let paths: [AccessPath]

    var table: OpenTable<Record> { query.table }

    init(_ query: Query<Record>) async throws(StoreError) {
        self.query = query
        if let maximum = query.maximum, maximum < 0 {
            throw StoreError(.invalidArgument, "The limit of a query must be 0 or more.")
        }
        let table = query.table
        if let store = query.source as? any KeyValueStore, store.snapshots != nil {
            reader = try await store.snapshot()
        } else {
            reader = query.source
        }
        state = try await table.checkedState(in: reader)
        var order: [StoredQuery.Term] = []
        for term in query.terms {
            order.append(StoredQuery.Term(field: try table.field(term.property), order: term.order))
        }
        let filter = try query.filter.node.get().mapReferences { (property) throws(StoreError) in
            try table.field(property)
        }.simplified
        stored = StoredQuery(filter: filter, order: order)
        paths = Planner(state, stored, keyFields: table.keyFields).paths()
    }

    /// Whether a record that was read belongs to the result, and the record itself if it does.
    func decodeIfMatching(_ record: StoredRecord, isKnownToMatch: Bool) throws -> Record? {
        if !isKnownToMatch, try !record.matches(stored.filter) { return nil }
        let decoded = try table.decode(record)
        for test in query.tests where try !test(decoded) { return nil }
        return decoded
    }
}

/// A query while it is iterated.
struct QueryRun<Record: Codable & Sendable> {
    private let prepared: PreparedQuery<Record>
    private var cursor: AccessCursor<Record>
    /// The keys of the records in their order, if they had to be sorted; those that are left, the last one first.
    private var sorted: [SortedRecord]?
    private var left: Int
    /// Where the record is that was returned last.
    private(set) var position: QueryPosition?

    /// - Parameter position: where to go on; nil to begin.
    init(_ query: Query<Record>, after position: QueryPosition? = nil) async throws {
        let prepared = try await PreparedQuery(query)
        try await self.init(prepared, after: position)
    }

    init(_ prepared: PreparedQuery<Record>, after position: QueryPosition? = nil) async throws {
        self.prepared = prepared
        left = prepared.query.maximum ?? .max
        let path = try prepared.path(for: position)
        cursor = AccessCursor(prepared, path)
        guard path.order == nil else {
            if case .access(_, let last)? = position { cursor.skip(through: last) }
            return
        }
        var sorter = RecordSorter(prepared.stored, limit: prepared.query.maximum)
        if case .sorted(let last)? = position { sorter.skip(through: last) }
        while let found = try await cursor.next() {
            if try prepared.decodeIfMatching(found.record, isKnownToMatch: path.isExact) != nil {
                try sorter.add(found.record, key: found.key)
            }
        }
        sorted = sorter.finish().reversed()
    }

    mutating func next() async throws -> Record? {
        while left > 0 {
            guard let (record, position) = try await nextRecord() else { break }
            guard let record else { continue }
            left -= 1
            self.position = position
            return record
        }
        left = 0
        return nil
    }

    /// - Returns: nil at the end; a record of nil for one that does not match.
    private mutating func nextRecord() async throws -> (Record?, QueryPosition)? {
        guard sorted != nil else {
            guard let found = try await cursor.next() else { return nil }
            let record = try prepared.decodeIfMatching(found.record, isKnownToMatch: cursor.path.isExact)
            return (record, .access(cursor.path.number, found.position))
        }
        guard let next = sorted?.popLast() else { return nil }
        guard let record = try await cursor.record(at: next.key) else { return (nil, .sorted(next)) }
        return (try prepared.decodeIfMatching(record, isKnownToMatch: false), .sorted(next))
    }
}
