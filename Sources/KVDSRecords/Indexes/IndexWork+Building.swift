import KVDS

extension IndexWork {
    /// Adds the entries of some records to a batch. When there are no more records, the index is ready.
    func build(
        _ index: MaintainedIndex, _ state: CatalogState, _ batch: inout WriteBatch
    ) async throws(StoreError) {
        let progressKey = Keyspace.progress(state.description.number, index: index.description.number)
        let progress = try await store.get(progressKey)
        batch.require(.value(of: progressKey, is: progress))
        let all = table.range(state)
        guard progress.map(all.contains) ?? true else {
            throw StoreError(.corrupt, "The progress of an index of the table \(table.table.name) is damaged.")
        }
        let rest = KeyRange(from: progress?.followed(by: 0) ?? all.lowerBound, to: all.upperBound)
        var (last, size) = (progress, 0)
        var added: Set<Bytes> = []
        for try await record in store.entries(in: rest, limit: limit) {
            batch.require(.equals(record.key, record.value))
            let stored = try await table.storedRecord(record.value, state, store)
            let key = state.recordKey(of: record.key)
            for entry in try index.entries(of: stored, key: key) {
                // A writer may have added the entry already.
                // One that is too long to be read cannot be there; the commit throws.
                let fits = entry.key.count <= store.limits.maximumKeyLength
                let existing = index.isUnique(entry) && fits ? try await store.get(entry.key) : nil
                if added.insert(entry.key).inserted, existing == nil || existing == entry.value {
                    if index.isUnique(entry) {
                        batch.require(.value(of: entry.key, is: existing))
                    }
                    batch.set(entry.key, to: entry.value)
                } else {
                    return try await giveUp(index, state, batch, existing.map { .equals(entry.key, $0) })
                }
            }
            last = record.key
            size += record.value.count
            if size > 1 << 18 { break }
        }
        if last == progress { return try setPhase(.ready, index.description, state, &batch) }
        if let last { batch.set(progressKey, to: last) }
        batch.durability = .buffered
    }

    /// Drops the indexes that are being built, because an entry is too long for the store: otherwise no such record
    /// could be written any more.
    func giveUp(_ state: CatalogState, _ batch: WriteBatch, _ error: StoreError) async throws(StoreError) {
        guard let bytes = state.bytes else { return }
        var description = try TableDescription(bytes, table: table.table.name)
        let building = description.indexes.filter { $0.phase == .building }
        for index in building { description.set(index.number, .dropping) }
        var failing = WriteBatch()
        failing.conditions = batch.conditions
        failing.set(catalogKey, to: description.bytes)
        guard try await store.commit(failing).isCommitted else { return }
        throw StoreError(
            .invalidKey,
            "The indexes \(building.map(\.name).joined(separator: ", ")) of the table \(table.table.name) cannot be "
                + "built: \(error.message)", store: store.description)
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
