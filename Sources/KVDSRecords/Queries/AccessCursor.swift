import KVDS

/// Reads the records of an access path, one after the other.
struct AccessCursor {
    struct Found {
        /// The key of the record, without the prefix of the table.
        let key: Bytes
        let record: StoredRecord
        /// The key of the entry that led to it, without the prefix of the path.
        let position: Bytes
    }

    let path: AccessPath
    private let session: QuerySession
    private var ranges: [KeyRange]
    private var entries: Entries.Iterator?
    /// How many entries to read at most; nil if it is not known how many will match.
    private var limit: Int?

    init(_ session: QuerySession, _ path: AccessPath) {
        (self.session, self.path) = (session, path)
        ranges = session.state.isNew ? [] : path.order == .reverse ? path.ranges : path.ranges.reversed()
        // Without a snapshot, the record of an index's entry may have been deleted, and another entry is read for it.
        let isComplete = path.number == 0 || session.reader is any StoreSnapshot
        limit = path.isExact && session.test == nil && path.order != nil && isComplete ? session.limit : nil
    }

    private var order: ScanOrder { path.order ?? .forward }

    /// The beginning of the keys of the path.
    private var prefix: Bytes {
        switch path.source {
        case .records: session.state.prefix
        case .index(let index): index.prefix
        }
    }

    /// Leaves out the entries up to one, and that one.
    mutating func skip(through position: Bytes) {
        let key = prefix.appending(position)
        ranges = ranges.compactMap { range in
            var rest = range
            if order == .forward {
                rest.lowerBound = max(range.lowerBound, key.followed(by: 0))
            } else {
                rest.upperBound = range.upperBound.map { min($0, key) } ?? key
            }
            return rest.upperBound.map { rest.lowerBound < $0 } ?? true ? rest : nil
        }
    }

    /// The next entry, or nil at the end.
    mutating func nextEntry() async throws(StoreError) -> Entry? {
        while true {
            if entries == nil {
                guard let range = ranges.popLast() else { return nil }
                entries = session.reader.entries(in: range, order: order, limit: limit).makeAsyncIterator()
            }
            if let entry = try await entries?.next() { return entry }
            entries = nil
        }
    }

    /// The next record, or nil at the end.
    mutating func next() async throws(StoreError) -> Found? {
        while let entry = try await nextEntry() {
            let position = entry.key.slice(prefix.count..<entry.key.count)
            guard case .index(let index) = path.source else {
                let record = try await session.storedRecord(entry.value, at: entry.key)
                return Found(key: position, record: record, position: position)
            }
            let key = try index.recordKey(of: entry)
            // Without a snapshot, the record may have been deleted since.
            if let record = try await session.record(at: key) {
                return Found(key: key, record: record, position: position)
            }
        }
        return nil
    }
}
