import KVDS

extension Query {
    /// The first record; nil if there is none.
    ///
    /// - Throws: as the iteration.
    public func first() async throws -> Record? {
        var run = try await QueryRun(limit(Swift.min(maximum ?? 1, 1)).session())
        return try await run.next().map { try table.decode($0) }
    }

    /// The number of records.
    ///
    /// If the filter is answered by an index, or there is none, no record is decoded or fetched through an index.
    ///
    /// - Throws: as the iteration.
    /// - Complexity: O(n) in the number of entries that are read.
    public func count() async throws -> Int {
        let session = try await session()
        let limit = maximum ?? .max
        var count = 0
        if let path = session.countPath {
            var cursor = AccessCursor(session, path)
            while count < limit, try await cursor.nextEntry() != nil { count += 1 }
        } else {
            let path = try session.path()
            var cursor = AccessCursor(session, path)
            while count < limit, let found = try await cursor.next() {
                if try session.matches(found.record, path) { count += 1 }
            }
        }
        return count
    }

    /// The smallest value of a field; nil if there is no record.
    ///
    /// - Parameter field: a stored property.
    /// - Throws: as the iteration.
    public func min<Value: TupleElement & Codable>(_ field: FieldPath<Record, Value>) async throws -> Value? {
        try await ordered(by: field, .ascending).first()?[keyPath: field]
    }

    /// The smallest value of a field that is not nil; nil if there is none.
    ///
    /// - Parameter field: a stored property.
    /// - Throws: as the iteration.
    public func min<Value: TupleElement & Codable>(_ field: FieldPath<Record, Value?>) async throws -> Value? {
        try await ordered(by: field, .ascending).first()?[keyPath: field]
    }

    /// The greatest value of a field; nil if there is no record.
    ///
    /// - Parameter field: a stored property.
    /// - Throws: as the iteration.
    public func max<Value: TupleElement & Codable>(_ field: FieldPath<Record, Value>) async throws -> Value? {
        try await ordered(by: field, .descending).first()?[keyPath: field]
    }

    /// The greatest value of a field that is not nil; nil if there is none.
    ///
    /// - Parameter field: a stored property.
    /// - Throws: as the iteration.
    public func max<Value: TupleElement & Codable>(_ field: FieldPath<Record, Value?>) async throws -> Value? {
        try await ordered(by: field, .descending).first()?[keyPath: field]
    }

    /// The records whose field is not nil, in the order of the field alone.
    private func ordered(by keyPath: any AnyKeyPath & Sendable, _ order: ElementOrder) -> Query {
        let property = Property(keyPath: keyPath)
        let hasValue = Filter<Record>(.within(property, .values(from: nil, to: nil)))
        return Query(table: table, source: source, filter: filter && hasValue, tests: tests, terms: [(property, order)])
    }
}
