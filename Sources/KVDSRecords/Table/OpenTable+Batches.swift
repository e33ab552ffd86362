public import KVDS

/// Writes that become part of a batch, so that several tables change in one commit.
///
/// ```swift
/// var batch = WriteBatch()
/// try await users.put(user, in: &batch)
/// try await orders.insert(order, in: &batch)
/// let isDone = try await store.commit(batch).isCommitted
/// ```
///
/// The batch has conditions: that no other program has changed the table's schema or indexes, and, for a table with
/// indexes, that the records are as they were when they were added to the batch. If one does not hold, nothing is
/// written: make the batch again.
extension OpenTable {
    /// Adds the writing of a record to a batch.
    ///
    /// A new table or schema is added to the catalog by a commit of its own before that.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - batch: the batch to extend.
    /// - Throws: `.invalidRecord` if the record cannot be encoded; `.alreadyExists` if the batch writes another record
    ///   with the same fields in a unique index; the errors of reading the catalog and the old record, and of the
    ///   commit that adds a new table to the catalog.
    public func put(_ record: Record, in batch: inout WriteBatch) async throws(StoreError) {
        try await add(record, to: &batch, .anything)
    }

    /// Adds the writing of a record to a batch, on the condition that there is none with its key.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - batch: the batch to extend.
    /// - Throws: as ``put(_:in:)``.
    public func insert(_ record: Record, in batch: inout WriteBatch) async throws(StoreError) {
        try await add(record, to: &batch, .absent)
    }

    /// Adds the deletion of the record with a key to a batch.
    ///
    /// - Parameters:
    ///   - key: the elements of the key.
    ///   - batch: the batch to extend.
    /// - Throws: `.invalidKey` if the keys of the table have elements of other kinds; the errors of ``put(_:in:)``.
    public func delete<each Part: TupleElement>(
        _ key: repeat each Part, in batch: inout WriteBatch
    ) async throws(StoreError) {
        let key = try checked(repeat each key)
        let state = try await registered()
        try await add(RecordWrite(key: storeKey(of: key, state), record: nil), to: &batch, state)
    }

    private func add(
        _ record: Record, to batch: inout WriteBatch, _ expectation: RecordWrite.Expectation
    ) async throws(StoreError) {
        // A record that cannot be encoded must not leave a new table behind.
        let known = try await self.state()
        if known.registration != nil { _ = try encode(record, known) }
        let state = try await registered()
        try await add(try write(record, state, expectation), to: &batch, state)
    }

    private func add(
        _ write: RecordWrite, to original: inout WriteBatch, _ state: CatalogState
    ) async throws(StoreError) {
        // Changed as a copy, so that an error leaves the batch as it was.
        var batch = original
        if let bytes = state.bytes {
            let isKnown = WriteBatch.Condition.equals(Keyspace.table(table.name), bytes)
            if !batch.conditions.contains(isKnown) { batch.require(isKnown) }
        }
        if state.maintained.isEmpty {
            if write.expectation == .absent, !batch.requireAbsent(write.key) { throw alreadyExists(write.key) }
        } else {
            try await addEntries(of: write, to: &batch, state)
        }
        if let value = write.record?.value { batch.set(write.key, to: value) } else { batch.delete(write.key) }
        original = batch
    }

    /// Adds the changes of indexes. Earlier writes of the batch count as made.
    private func addEntries(
        of write: RecordWrite, to batch: inout WriteBatch, _ state: CatalogState
    ) async throws(StoreError) {
        var old: Bytes?
        if let pending = batch.pendingValue(of: write.key) {
            if pending != nil, write.expectation == .absent { throw alreadyExists(write.key) }
            old = pending
        } else {
            old = write.expectation == .absent ? nil : try await store.get(write.key)
            batch.require(.value(of: write.key, is: old))
        }
        var changes = try EntryChanges(
            state.maintained, key: state.recordKey(of: write.key),
            from: try await oldRecord(old, state), to: write.record?.stored)
        let pending = batch
        let read = try await changes.settle { (key) throws(StoreError) in
            if let value = pending.pendingValue(of: key) { return value }
            return try await store.get(key)
        }
        for condition in read where condition.key.flatMap({ pending.pendingValue(of: $0) }) == nil {
            batch.require(condition)
        }
        for key in changes.removed { batch.delete(key) }
        for (entry, index) in changes.added {
            if index.isUnique(entry), !batch.requireAbsent(entry.key) {
                throw alreadyExists(inIndex: index.description.name)
            }
            batch.set(entry.key, to: entry.value)
        }
    }

    /// Adds the table and its schema to the catalog, unless they are there.
    private func registered() async throws(StoreError) -> CatalogState {
        while true {
            let state = try await state()
            guard let registration = state.registration else { return state }
            if try await store.commit(registration.batch).isCommitted {
                return note(state.registered(coder.layout))
            }
            try await refresh()
        }
    }
}

extension WriteBatch {
    /// Requires that a key has no value when the next mutation is made. Earlier mutations of the batch count as made.
    ///
    /// - Returns: false if the batch itself gives the key a value.
    fileprivate mutating func requireAbsent(_ key: Bytes) -> Bool {
        switch pendingValue(of: key) {
        case .some(let pending): return pending == nil
        case .none:
            require(.absent(key))
            return true
        }
    }

    /// The value that the batch gives a key: nil inside of an optional if it deletes it, nil if it leaves it as it is.
    ///
    /// - Complexity: O(n) in the number of mutations.
    fileprivate func pendingValue(of key: Bytes) -> Bytes?? {
        for mutation in mutations.reversed() {
            switch mutation {
            case .set(key, let value): return .some(value)
            case .delete(key): return .some(nil)
            case .deleteRange(let range) where range.contains(key): return .some(nil)
            default: continue
            }
        }
        return .none
    }
}
