public import KVDS

/// The records of a table, streamed in the order of their keys.
public struct Records<Record: Codable & Sendable>: AsyncSequence, Sendable {
    public typealias Element = Record
    public typealias Failure = StoreError

    let table: OpenTable<Record>
    let source: any StoreReader
    let keys: RecordKeys
    let order: ScanOrder
    let limit: Int?

    public func makeAsyncIterator() -> Iterator { Iterator(records: self) }

    /// Iterates over records.
    public struct Iterator: AsyncIteratorProtocol {
        private let records: Records
        private var entries: Entries.Iterator?
        private var state: CatalogState?
        private var hasEnded = false

        init(records: Records) { self.records = records }

        /// The next record, or nil at the end.
        ///
        /// - Throws: the errors of scanning the store; `.corrupt` or `.incompatibleSchema` for a record that cannot be
        ///   decoded.
        public mutating func next(isolation: isolated (any Actor)?) async throws(StoreError) -> Record? {
            if state == nil { state = try await records.table.state(in: records.source) }
            guard let state, !state.isNew, !hasEnded else { return nil }
            var entries =
                self.entries
                ?? records.source.entries(
                    in: records.table.range(state, records.keys), order: records.order, limit: records.limit
                ).makeAsyncIterator()
            let entry = try await entries.next(isolation: isolation)
            self.entries = entries
            guard let entry else {
                hasEnded = true
                return nil
            }
            return try await records.table.decode(
                entry.value, state, records.source, at: entry.key)
        }

        /// The next record, or nil at the end.
        public mutating func next() async throws(StoreError) -> Record? { try await next(isolation: #isolation) }
    }
}

/// Which keys of a table to read.
enum RecordKeys {
    /// Those that begin with these elements.
    case prefix(Tuple)
    /// Those from the first tuple up to, but not including, the second.
    case range(Tuple, Tuple)
}
