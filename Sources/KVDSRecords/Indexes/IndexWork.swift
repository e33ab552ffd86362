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

    let table: OpenTable<Record>
    /// The number of records in a commit. It falls when writers change records that were read for it.
    var limit = maximumRecords
    /// Whether to ignore indexes that must be built.
    var onlyDrops = false

    var store: any KeyValueStore { table.store }
    var catalogKey: Bytes { Keyspace.table(table.table.name) }

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
    func setPhase(
        _ phase: IndexDescription.Phase?, _ index: IndexDescription, _ state: CatalogState, _ batch: inout WriteBatch
    ) throws(StoreError) {
        guard let bytes = state.bytes else { return }
        var description = try TableDescription(bytes, table: table.table.name)
        description.set(index.number, phase)
        batch.set(catalogKey, to: description.bytes)
        batch.delete(Keyspace.progress(description.number, index: index.number))
    }
}
