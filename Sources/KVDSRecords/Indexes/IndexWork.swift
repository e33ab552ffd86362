import KVDS

/// Builds and drops the indexes of a table, one commit at a time.
///
/// The catalog describes an index before it is built, and every write has the condition that the catalog is unchanged.
/// So every record that is written from then on brings its entries. The older records are read in the order of their
/// keys. Their entries are added on the condition that the records are unchanged. The same commit stores the key of the
/// last record, where a later build continues. Two builders of one index exclude each other by the condition on this
/// key.
struct IndexWork<Record: Codable & Sendable> {
    static var maximumRecords: Int { 256 }
    private static var maximumBytes: Int { 1 << 18 }

    let table: OpenTable<Record>
    /// The number of records in a commit. It falls when writers change records that were read for it.
    var limit = maximumRecords
    /// Whether to ignore indexes that must be built.
    var onlyDrops = false

    private var store: any KeyValueStore { table.store }
    private var catalogKey: Bytes { Keyspace.table(table.table.name) }

    /// Makes one commit.
    ///
    /// - Returns: whether there may be more to do.
    mutating func step() async throws(StoreError) -> Bool {
        if Task.isCancelled { throw StoreError(.cancelled, "The building of indexes was cancelled.") }
        let state = try await table.checkedState(in: store)
        guard let bytes = state.bytes, state.needsIndexWork else { return false }
        var batch = WriteBatch()
        batch.require(.equals(catalogKey, bytes))
        if let index = state.description.indexes.first(where: { $0.phase == .dropping }) {
            try await drop(index, state, &batch)
        } else if onlyDrops {
            return false
        } else if !state.missingIndexes.isEmpty {
            try add(state.missingIndexes, bytes, &batch)
        } else if let index = state.maintained.first(where: { $0.description.phase == .building }) {
            try await build(index, state, &batch)
        } else {
            return false
        }
        do throws(StoreError) {
            if try await !store.commit(batch).isCommitted { limit = max(1, limit / 2) }
        } catch {
            if error.code == .invalidKey { try await giveUp(state, batch, error) }
            throw error
        }
        return true
    }

    /// Adds indexes to the catalog. An index whose fields have names that the catalog does not know is built anew.
    private func add(
        _ indexes: [IndexDescription], _ bytes: Bytes, _ batch: inout WriteBatch
    ) throws(StoreError) {
        var description = try TableDescription(bytes, table: table.table.name)
        for index in indexes {
            if let old = description.index(index.name) { description.set(old.number, .dropping) }
            description.add(index, .building)
        }
        batch.set(catalogKey, to: description.bytes)
    }

    /// Adds the removal of some entries to a batch, or of the index itself when it has none.
    private func drop(
        _ index: IndexDescription, _ state: CatalogState, _ batch: inout WriteBatch
    ) async throws(StoreError) {
        let prefix = Keyspace.entries(state.description.number, index: index.number)
        for try await entry in store.entries(in: .elements(after: prefix), limit: 4 * Self.maximumRecords) {
            batch.delete(entry.key)
        }
        if batch.mutations.isEmpty { try setPhase(nil, index, state, &batch) } else { batch.durability = .buffered }
    }

    /// Changes the phase of an index in the catalog, and forgets how far it was built.
    private func setPhase(
        _ phase: IndexDescription.Phase?, _ index: IndexDescription, _ state: CatalogState, _ batch: inout WriteBatch
    ) throws(StoreError) {
        guard let bytes = state.bytes else { return }
        var description = try TableDescription(bytes, table: table.table.name)
        description.set(index.number, phase)
        batch.set(catalogKey, to: description.bytes)
        batch.delete(Keyspace.progress(description.number, index: index.number))
    }

    /// Adds the entries of some records to a batch. When there are no more records, the index is ready.
    private func build(
        _ index: MaintainedIndex, _ state: CatalogState, _ batch: inout WriteBatch
    ) async throws(StoreError) {
        let progressKey = Keyspace.progress(state.description.number, index: index.description.number)
        let progress = try await store.get(progressKey)
        batch.require(progress.map { .equals(progressKey, $0) } ?? .absent(progressKey))
        let all = table.range(state)
        let rest = KeyRange(from: progress?.followed(by: 0) ?? all.lowerBound, to: all.upperBound)
        var (last, size) = (progress, 0)
        var added: Set<Bytes> = []
        for try await record in store.entries(in: rest, limit: limit) {
            batch.require(.equals(record.key, record.value))
            let stored = try await table.storedRecord(record.value, state, store)
            let key = record.key.slice(state.prefix.count..<record.key.count)
            for entry in try index.entries(of: stored, key: key) {
                // A writer may have added the entry already.
                let existing = index.isUnique(entry) ? try await store.get(entry.key) : nil
                if added.insert(entry.key).inserted, existing == nil || existing == entry.value {
                    if index.isUnique(entry) {
                        batch.require(existing.map { .equals(entry.key, $0) } ?? .absent(entry.key))
                    }
                    batch.set(entry.key, to: entry.value)
                } else {
                    return try await giveUp(index, state, batch, existing.map { .equals(entry.key, $0) })
                }
            }
            last = record.key
            size += record.value.count
            if size > Self.maximumBytes { break }
        }
        if last == progress { return try setPhase(.ready, index.description, state, &batch) }
        if let last { batch.set(progressKey, to: last) }
        batch.durability = .buffered
    }

    /// Drops the index that is being built, because an entry is too long for the store: otherwise no such record could
    /// be written any more.
    private func giveUp(_ state: CatalogState, _ batch: WriteBatch, _ error: StoreError) async throws(StoreError) {
        guard let index = state.maintained.first(where: { $0.description.phase == .building }) else { return }
        var failing = WriteBatch()
        failing.conditions = batch.conditions
        try setPhase(.dropping, index.description, state, &failing)
        guard try await store.commit(failing).isCommitted else { return }
        throw StoreError(
            .invalidKey,
            "The index \(index.description.name) of the table \(table.table.name) cannot be built: \(error.message)",
            store: store.description)
    }

    /// Drops a unique index in which two records have one entry, if they still have.
    ///
    /// - Parameters:
    ///   - batch: its conditions are about the records that were read.
    ///   - other: the condition that another record has the entry, if that was not read with them.
    private func giveUp(
        _ index: MaintainedIndex, _ state: CatalogState, _ batch: WriteBatch, _ other: WriteBatch.Condition?
    ) async throws(StoreError) {
        var failing = WriteBatch()
        failing.conditions = batch.conditions + (other.map { [$0] } ?? [])
        try setPhase(.dropping, index.description, state, &failing)
        guard try await store.commit(failing).isCommitted else { return }
        throw StoreError(
            .alreadyExists,
            "The index \(index.description.name) of the table \(table.table.name) cannot be unique: two records have the "
                + "same fields.", store: store.description)
    }
}
