import KVDS

/// A query while it is iterated.
struct QueryRun {
    private let session: QuerySession
    private var cursor: AccessCursor
    /// The records that had to be sorted and are left, the last one first.
    private var sorted: [SortedRecord]?
    private var left: Int
    /// Where the record is that was returned last.
    private(set) var position: QueryPosition?

    /// - Parameter position: where to continue; nil to begin.
    init(_ session: QuerySession, after position: QueryPosition? = nil) async throws {
        self.session = session
        left = session.limit ?? .max
        let path = try session.path(for: position)
        cursor = AccessCursor(session, path)
        guard path.order == nil else {
            if case .access(_, let last)? = position { cursor.skip(through: last) }
            return
        }
        var sorter = RecordSorter(session.query, limit: session.limit)
        if case .sorted(let last)? = position { sorter.skip(through: last) }
        while let found = try await cursor.next() {
            if try session.matches(found.record, path) { try sorter.add(found.record, key: found.key) }
        }
        sorted = sorter.finish().reversed()
    }

    /// The next record, or nil at the end.
    mutating func next() async throws -> StoredRecord? {
        guard left > 0, let (record, position) = try await nextRecord() else {
            left = 0
            return nil
        }
        left -= 1
        self.position = position
        return record
    }

    private mutating func nextRecord() async throws -> (StoredRecord, QueryPosition)? {
        guard sorted != nil else {
            while let found = try await cursor.next() {
                if try session.matches(found.record, cursor.path) {
                    return (found.record, .access(cursor.path.number, found.position))
                }
            }
            return nil
        }
        while let next = sorted?.popLast() {
            // Without a snapshot, the record may have been deleted or changed since.
            guard let record = try await session.record(at: next.key), try record.matches(session.query.filter) else {
                continue
            }
            return (record, .sorted(next))
        }
        return nil
    }
}
