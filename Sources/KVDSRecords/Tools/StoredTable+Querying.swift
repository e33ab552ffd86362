package import KVDS

extension StoredTable {
    /// A query that is written as text.
    package struct TextQuery: Sendable {
        /// The filter: see ``FilterParser``; nil for all records.
        package var filter: String?
        /// The fields to order by, separated by commas; a minus before one makes it descending.
        package var order: String?
        package var limit: Int?

        package init(filter: String? = nil, order: String? = nil, limit: Int? = nil) {
            (self.filter, self.order, self.limit) = (filter, order, limit)
        }
    }

    /// Calls `body` with each record that answers a query.
    ///
    /// - Parameter reader: a snapshot of the store, or the store.
    /// - Throws: `.invalidArgument` for a text that is no query on the table's fields; `.corrupt` for a damaged record;
    ///   the errors of reading and of `body`.
    package func query(
        _ query: TextQuery, in reader: any StoreReader, _ body: (RecordValue) throws -> Void
    ) async throws {
        var run = try await QueryRun(session(query, reader))
        while let record = try await run.next() { try body(RecordValue(record.bytes, record.layout)) }
    }

    /// How a query reads its records.
    ///
    /// - Throws: as ``query(_:in:_:)``.
    package func explain(_ query: TextQuery, in reader: any StoreReader) throws(StoreError) -> QueryPlan {
        try session(query, reader).plan()
    }

    private func session(_ text: TextQuery, _ reader: any StoreReader) throws(StoreError) -> QuerySession {
        let schema = schemas[schemas.count - 1]
        var order: [StoredQuery.Term] = []
        for term in (text.order ?? "").split(separator: ",") {
            let path = term.filter { $0 != " " }
            let isDescending = path.hasPrefix("-")
            guard let field = schema.field(path.filter { $0 != "-" }, isList: false, FieldExpectations()) else {
                throw StoreError(.invalidArgument, "The records have no field \(path) to order by.")
            }
            order.append(StoredQuery.Term(field: field, order: isDescending ? .descending : .ascending))
        }
        let filter = try text.filter.map { (text) throws(StoreError) in try FilterParser.parse(text, schema) }
        var session = QuerySession(
            StoredQuery(filter: filter ?? .all([]), order: order), self, reader, state,
            // The catalog does not tell whether an element of a key is a field as it is stored.
            keyFields: state.description.key.names.map { _ in nil })
        session.limit = text.limit
        return session
    }
}
