import KVDS

extension OpenTable {
    /// Commits changes of records, with the entries of their indexes.
    ///
    /// The batch has the condition that the catalog is as it was read: so no index is forgotten that another program
    /// has just added. If the catalog or a record without an expectation has changed, the batch is made again.
    ///
    /// - Parameter make: the changes of records with different keys, as the catalog wants them. It may be called
    ///   several times.
    /// - Returns: the position of the write whose expectation was not met; nil if all are committed.
    func commit(
        _ make: (CatalogState) throws(StoreError) -> [RecordWrite]
    ) async throws(StoreError) -> Int? {
        while true {
            let state = try await state()
            let writes = try make(state)
            if writes.isEmpty { return nil }
            let registers = writes.contains { $0.record != nil }
            var draft = TableBatch(state)
            if let unmet = try await fill(&draft, writes, state) { return unmet }
            let (batch, failures) = draft.finish(table: table.name, registers: registers)
            switch try await store.commit(batch) {
            case .committed:
                if registers, state.registration != nil { note(state.registered(coder.layout)) }
                return nil
            case .conditionFailed(let index):
                switch failures[index] {
                case .catalog:
                    try await refresh()
                    // Another program was the first to write the table, perhaps without these indexes.
                    if state.isNew, building != .never { buildIndexesInBackground() }
                case .unmet(let position): return position
                case .changed: continue
                case .unique(let name): throw alreadyExists(inIndex: name)
                }
            }
        }
    }

    /// Adds writes to a batch.
    ///
    /// - Returns: the position of the write whose expectation is not met; nil if none is known to fail.
    private func fill(
        _ batch: inout TableBatch, _ writes: [RecordWrite], _ state: CatalogState
    ) async throws(StoreError) -> Int? {
        for (position, write) in writes.enumerated() {
            var old: Bytes?
            switch write.expectation {
            case .absent: batch.require(.absent(write.key), or: .unmet(position))
            case .equals(let value):
                old = value
                batch.require(.equals(write.key, value), or: .unmet(position))
            case .present where state.maintained.isEmpty: batch.require(.present(write.key), or: .unmet(position))
            case .anything where state.maintained.isEmpty: break
            case .present, .anything:
                old = try await store.get(write.key)
                if old == nil, write.expectation == .present { return position }
                batch.require(.value(of: write.key, is: old), or: .changed)
            }
            batch.add(write)
            if state.maintained.isEmpty { continue }
            var changes = try EntryChanges(
                state.maintained, key: state.recordKey(of: write.key),
                from: try await oldRecord(old, state), to: write.record?.stored)
            let read = try await changes.settle { (key) throws(StoreError) in try await store.get(key) }
            for condition in read { batch.require(condition, or: .changed) }
            if let index = batch.add(changes) { throw alreadyExists(inIndex: index.description.name) }
        }
        return nil
    }

    func alreadyExists(inIndex index: String) -> StoreError {
        StoreError(
            .alreadyExists, "The table \(table.name) has another record with the same fields in its index \(index).",
            store: store.description)
    }
}
