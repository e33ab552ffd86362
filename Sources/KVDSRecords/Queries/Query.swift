import KVDS

/// A question about the records of a table: which ones, in which order, and how many.
///
/// ```swift
/// let adults = table.query(\.city == "Oslo" && \.age >= 18).order(by: \.age).limit(10)
/// for try await user in adults { … }
/// let count = try await table.query(\.city == "Oslo").count()
/// print(try await adults.explain())
/// ```
///
/// A query is a value: nothing happens before it is iterated or one of its asynchronous calls is made. Each of them
/// reads one snapshot of the store, if the store has snapshots. An index is used if it bounds the records or gives
/// their order, and it is ready; see ``explain()``.
///
/// **Order.** Records with equal fields are ordered by their keys, in the direction of the last ``order(by:_:)``.
/// Without an order, the records come in the order in which they are read: that of an index, or of their keys.
///
/// **Memory.** Records are streamed. If no index gives the order, the keys and the ordered fields of all matching
/// records are kept in memory and sorted; with a ``limit(_:)``, only those of about as many records.
public struct Query<Record: Codable & Sendable>: AsyncSequence, Sendable {
    public typealias Element = Record

    let table: OpenTable<Record>
    let source: any StoreReader
    let filter: Filter<Record>
    private(set) var tests: [@Sendable (Record) throws -> Bool] = []
    private(set) var terms: [(property: Property, order: ElementOrder)] = []
    private(set) var maximum: Int?

    /// Only records for which a closure returns true. The filter of the query is checked first, and a record is decoded
    /// only if it matches.
    ///
    /// - Parameter isIncluded: called for each record that matches the filter. Its errors end the iteration.
    public func filter(_ isIncluded: @escaping @Sendable (Record) throws -> Bool) -> Query {
        var query = self
        query.tests.append(isIncluded)
        return query
    }

    /// The records in the order of a field. A second call orders those for which the first field is equal.
    ///
    /// - Parameters:
    ///   - field: a stored property. Nil comes first.
    ///   - order: the direction. Default: ascending.
    public func order<Value: TupleElement & Codable>(
        by field: FieldPath<Record, Value>, _ order: ElementOrder = .ascending
    ) -> Query {
        var query = self
        query.terms.append((Property(keyPath: field), order))
        return query
    }

    /// At most so many records.
    ///
    /// - Parameter count: 0 or more. With a negative number the iteration throws `.invalidArgument`.
    public func limit(_ count: Int) -> Query {
        var query = self
        query.maximum = count
        return query
    }

    public func makeAsyncIterator() -> Iterator { Iterator(query: self) }

    /// Iterates over the records of a query.
    public struct Iterator: AsyncIteratorProtocol {
        private let query: Query
        private var run: QueryRun?

        init(query: Query) { self.query = query }

        /// The next record, or nil at the end.
        ///
        /// - Throws: `.incompatibleSchema` if a field of the query is not a stored property that can be compared;
        ///   `.corrupt` for a damaged record; the errors of reading the store and of the query's closures.
        public mutating func next(isolation: isolated (any Actor)?) async throws -> Record? {
            var run = if let run = self.run { run } else { try await QueryRun(query.session()) }
            let record = try await run.next()
            self.run = run
            return try record.map { try query.table.decode($0) }
        }

        /// The next record, or nil at the end.
        public mutating func next() async throws -> Record? { try await next(isolation: #isolation) }
    }

    /// The query on fields as they are stored, in a new snapshot.
    func session() async throws(StoreError) -> QuerySession {
        if let maximum, maximum < 0 { throw StoreError(.invalidArgument, "The limit of a query must be 0 or more.") }
        var order: [StoredQuery.Term] = []
        for term in terms { order.append(StoredQuery.Term(field: try table.field(term.property), order: term.order)) }
        let filter = try filter.stored { (property) throws(StoreError) in try table.field(property) }
        var reader = source
        if let store = source as? any KeyValueStore, store.snapshots != nil { reader = try await store.snapshot() }
        var session = QuerySession(
            StoredQuery(filter: filter, order: order), table, reader,
            try await table.checkedState(in: reader), keyFields: table.keyFields)
        session.limit = maximum
        if !tests.isEmpty {
            session.test = { [table, tests] record in
                let decoded = try table.decode(record)
                return try tests.allSatisfy { try $0(decoded) }
            }
        }
        return session
    }
}

extension OpenTable {
    /// The records that match a filter; see ``Query``.
    ///
    /// - Parameter filter: the filter. Default: all records.
    public func query(_ filter: Filter<Record> = .all) -> Query<Record> {
        Query(table: self, source: store, filter: filter)
    }
}

extension TableReader {
    /// The records that match a filter; see ``Query``.
    ///
    /// - Parameter filter: the filter. Default: all records.
    public func query(_ filter: Filter<Record> = .all) -> Query<Record> {
        Query(table: table, source: source, filter: filter)
    }
}

extension TableTransaction {
    /// The records that match a filter, with the transaction's own writes; see ``Query``. What is read of an index
    /// belongs to what the transaction has read.
    ///
    /// - Parameter filter: the filter. Default: all records.
    public func query(_ filter: Filter<Record> = .all) -> Query<Record> {
        Query(table: table, source: transaction, filter: filter)
    }
}
