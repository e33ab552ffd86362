public import KVDS

/// What a comparison of a table with its indexes has found.
public struct IndexVerification: Hashable, Sendable {
    /// The number of records that were read.
    public internal(set) var records = 0
    /// The number of entries of indexes that were read.
    public internal(set) var entries = 0
    /// The number of entries that records should have and do not have.
    public internal(set) var missing = 0
    /// The number of entries that no record should have.
    public internal(set) var extra = 0
    /// The number of missing and extra entries that were repaired.
    public internal(set) var repaired = 0

    /// Whether the indexes were as the records want them.
    public var isCorrect: Bool { missing == 0 && extra == 0 }
}

extension OpenTable {
    /// Compares every index with the records, and the records with every index, in one snapshot.
    ///
    /// The commits of tables keep both alike. A difference comes from other writers: raw writes to the table's keys, or
    /// an import of a part of a store.
    ///
    /// - Parameter repairing: whether to add what is missing, and to remove what no record should have. A difference at
    ///   a record that changes at the same time is left alone: the change has written its entries.
    /// - Throws: `.corrupt` for a record or an entry that is damaged; the errors of the store's reads and commits.
    /// - Complexity: O(n log n) in the number of records and entries, and constant memory.
    public func verifyIndexes(repairing: Bool = false) async throws(StoreError) -> IndexVerification {
        let snapshot = try await store.snapshot()
        defer { snapshot.close() }
        let verifier = IndexVerifier(table: self, snapshot: snapshot, state: try await checkedState(in: snapshot))
        var result = IndexVerification()
        // What is extra first: it may be in the place of an entry that is missing.
        for index in verifier.indexes { try await verifier.checkEntries(of: index, &result, repairing) }
        try await verifier.checkRecords(&result, repairing)
        return result
    }
}

private struct IndexVerifier<Record: Codable & Sendable> {
    let table: OpenTable<Record>
    let snapshot: any StoreSnapshot
    let state: CatalogState

    /// An index that is being built lacks entries by design.
    var indexes: [MaintainedIndex] { state.maintained.filter { $0.description.phase == .ready } }

    func checkEntries(
        of index: MaintainedIndex, _ result: inout IndexVerification, _ repairs: Bool
    ) async throws(StoreError) {
        for try await entry in snapshot.entries(in: .elements(after: index.prefix)) {
            result.entries += 1
            let key = try? index.recordKey(of: entry)
            let recordKey = key.map { state.prefix.appending($0) }
            var value: Bytes?
            if let recordKey { value = try await snapshot.get(recordKey) }
            if let key, let value {
                let record = try await table.storedRecord(value, state, snapshot)
                if try index.entries(of: record, key: key).contains(entry) { continue }
            }
            result.extra += 1
            guard repairs else { continue }
            var batch = WriteBatch()
            batch.require(.equals(entry.key, entry.value))
            if let recordKey { batch.require(.value(of: recordKey, is: value)) }
            batch.delete(entry.key)
            if try await commit(batch) { result.repaired += 1 }
        }
    }

    func checkRecords(_ result: inout IndexVerification, _ repairs: Bool) async throws(StoreError) {
        if state.isNew { return }
        for try await record in snapshot.entries(in: table.range(state)) {
            result.records += 1
            let stored = try await table.storedRecord(record.value, state, snapshot)
            let key = state.recordKey(of: record.key)
            for index in indexes {
                for entry in try index.entries(of: stored, key: key) {
                    if try await snapshot.get(entry.key) == entry.value { continue }
                    result.missing += 1
                    guard repairs else { continue }
                    var batch = WriteBatch()
                    batch.require(.equals(record.key, record.value))
                    batch.require(.absent(entry.key))
                    batch.set(entry.key, to: entry.value)
                    if try await commit(batch) { result.repaired += 1 }
                }
            }
        }
    }

    /// - Returns: whether the batch was committed.
    private func commit(_ batch: WriteBatch) async throws(StoreError) -> Bool {
        var batch = batch
        if let bytes = state.bytes { batch.require(.equals(Keyspace.table(table.table.name), bytes)) }
        return try await table.store.commit(batch).isCommitted
    }
}

extension Bytes {
    /// These bytes, followed by others.
    func appending(_ other: Bytes) -> Bytes {
        var writer = TupleWriter(after: self)
        writer.write(other.span)
        return writer.bytes()
    }
}
