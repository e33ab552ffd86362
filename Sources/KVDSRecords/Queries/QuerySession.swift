import KVDS

/// Finds the schemas of stored records.
protocol RecordSource: Sendable {
    /// The value of a record that was read from `reader`, with its schema.
    ///
    /// - Throws: `.corrupt` if the value is damaged or the catalog lacks its schema; the errors of reading the catalog.
    func storedRecord(
        _ value: Bytes, _ state: CatalogState, _ reader: any StoreReader
    ) async throws(StoreError) -> StoredRecord

    /// The same, for queries: a record of a version with a migration is as if it was rewritten.
    ///
    /// - Parameter key: the key in the store.
    func readableRecord(
        _ value: Bytes, _ state: CatalogState, _ reader: any StoreReader, at key: Bytes
    ) async throws(StoreError) -> StoredRecord
}

/// A query with the snapshot that it reads, and the ways in which it can be read. It needs no Swift type of the
/// records.
struct QuerySession {
    let reader: any StoreReader
    let state: CatalogState
    let query: StoredQuery
    let source: any RecordSource
    /// The possible ways, the best first.
    let paths: [AccessPath]
    /// The maximum number of records; nil for no limit.
    var limit: Int?
    /// What a record must also meet, besides the filter.
    var test: ((StoredRecord) throws -> Bool)?

    /// - Parameter keyFields: the fields that the elements of a key equal; nil for an element that is computed.
    init(
        _ query: StoredQuery, _ source: any RecordSource, _ reader: any StoreReader, _ state: CatalogState,
        keyFields: [StoredField?]
    ) {
        (self.query, self.source, self.reader, self.state) = (query, source, reader, state)
        paths = Planner(state, query, keyFields: keyFields).paths()
    }

    /// The way to read that a position belongs to; the best one for none.
    ///
    /// - Throws: `.invalidArgument` if the position needs an index that is gone.
    func path(for position: QueryPosition? = nil) throws(StoreError) -> AccessPath {
        let path: AccessPath? =
            switch position {
            case nil: paths.first
            case .access(let number, _): paths.first { $0.number == number && $0.order != nil }
            case .sorted: paths.first?.unordered
            }
        if let path { return path }
        throw StoreError(.invalidArgument, "The page token needs an index that the table no longer has.")
    }

    /// A path whose entries need only be counted; nil if records must be looked at.
    var countPath: AccessPath? { test == nil ? paths.first { $0.isExact } : nil }

    /// Whether a record that was read by a path belongs to the result.
    func matches(_ record: StoredRecord, _ path: AccessPath) throws -> Bool {
        if !path.isExact, try !record.matches(query.filter) { return false }
        return try test?(record) ?? true
    }

    func storedRecord(_ value: Bytes, at key: Bytes) async throws(StoreError) -> StoredRecord {
        try await source.readableRecord(value, state, reader, at: key)
    }

    /// The record with a key, without the prefix of the table; nil if there is none.
    func record(at key: Bytes) async throws(StoreError) -> StoredRecord? {
        let storeKey = state.prefix.appending(key)
        guard let value = try await reader.get(storeKey) else { return nil }
        return try await storedRecord(value, at: storeKey)
    }
}

extension AccessPath {
    /// The path, as if it did not have the wanted order.
    fileprivate var unordered: AccessPath {
        var path = self
        path.order = nil
        return path
    }
}
