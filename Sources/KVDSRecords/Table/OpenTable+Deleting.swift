public import KVDS

extension OpenTable {
    /// Deletes all records.
    ///
    /// - Throws: the errors of a commit of the store.
    public func deleteAll() async throws(StoreError) {
        while true {
            let state = try await state(in: store)
            guard let bytes = state.bytes else { return }
            var batch = WriteBatch()
            batch.require(.equals(Keyspace.table(table.name), bytes))
            batch.delete(in: range(state))
            for index in state.maintained { batch.delete(in: .elements(after: index.prefix)) }
            if try await store.commit(batch).isCommitted { return }
            try await refresh()
        }
    }

    /// Deletes the records whose keys begin with some elements, in one commit.
    ///
    /// - Parameter prefix: the first elements of the keys.
    /// - Throws: the errors of a scan and of a commit of the store.
    /// - Complexity: O(log n) in a table without indexes. With indexes, O(k log n) in the number of deleted records,
    ///   and O(k) memory.
    public func delete(prefix: Tuple) async throws(StoreError) { try await delete(.prefix(prefix)) }

    /// Deletes the records whose keys lie in a range, in one commit.
    ///
    /// - Parameter range: the keys, or their first elements: `Tuple("a")..<Tuple("b")`.
    /// - Throws: the errors of a scan and of a commit of the store.
    /// - Complexity: as ``delete(prefix:)``.
    public func delete(in range: Range<Tuple>) async throws(StoreError) {
        try await delete(.range(range.lowerBound, range.upperBound))
    }

    private func delete(_ keys: RecordKeys) async throws(StoreError) {
        while true {
            let state = try await state(in: store)
            guard let bytes = state.bytes else { return }
            let range = range(state, keys)
            var batch = WriteBatch()
            batch.require(.equals(Keyspace.table(table.name), bytes))
            batch.delete(in: range)
            if !state.maintained.isEmpty {
                var entries: [Entry] = []
                for try await entry in store.entries(in: range) { entries.append(entry) }
                // No record may be added or changed, because its entries would stay.
                batch.require(.unchanged(range, entries))
                for entry in entries {
                    var changes = try EntryChanges(
                        state.maintained, key: state.recordKey(of: entry.key),
                        from: try await storedRecord(entry.value, state, store), to: nil)
                    batch.conditions += try await changes.settle { (key) throws(StoreError) in
                        try await store.get(key)
                    }
                    for key in changes.removed { batch.delete(key) }
                }
            }
            if try await store.commit(batch).isCommitted { return }
            try await refresh()
        }
    }
}
