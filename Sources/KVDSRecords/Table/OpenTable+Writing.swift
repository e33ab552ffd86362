public import KVDS

extension OpenTable {
    /// Writes a record, whether or not there is one with its key.
    ///
    /// - Parameter record: the record.
    /// - Throws: `.invalidRecord` if it cannot be encoded; the errors of a commit of the store.
    public func put(_ record: Record) async throws(StoreError) {
        try await write { batch, state throws(StoreError) in try add(record, to: &batch, state) }
    }

    /// Writes records in one commit, whether or not there are some with their keys.
    ///
    /// - Parameter records: the records; of several with one key the last one counts.
    /// - Throws: as for one record; nothing is written then.
    public func put(_ records: some Sequence<Record>) async throws(StoreError) {
        let records = Array(records)
        if records.isEmpty { return }
        try await write { batch, state throws(StoreError) in
            for record in records { try add(record, to: &batch, state) }
        }
    }

    /// Writes a record if there is none with its key.
    ///
    /// - Parameter record: the record.
    /// - Throws: `.alreadyExists` if there is one; the errors of `put`.
    public func insert(_ record: Record) async throws(StoreError) { try await insert(CollectionOfOne(record)) }

    /// Writes records in one commit, if there are none with their keys.
    ///
    /// - Parameter records: the records, each with another key.
    /// - Throws: `.alreadyExists` if there is one, or two of the records have one key; nothing is written then; as
    ///   `put`.
    public func insert(_ records: some Sequence<Record>) async throws(StoreError) {
        let records = Array(records)
        if records.isEmpty { return }
        let (result, state) = try await write { batch, state throws(StoreError) in
            var keys: Set<Bytes> = []
            for record in records {
                let key = storeKey(of: record, state)
                guard keys.insert(key).inserted else { throw alreadyExists(key) }
                batch.require(.absent(key))
                batch.set(key, to: try encode(record, state))
            }
        }
        if case .conditionFailed(let index) = result { throw alreadyExists(storeKey(of: records[index], state)) }
    }

    /// Changes the record with a key. If another writer changes it at the same time, `body` is called again with the
    /// new record.
    ///
    /// - Parameters:
    ///   - key: the elements of the key.
    ///   - body: changes the record. It must not change its key. It may be called several times.
    /// - Returns: the changed record.
    /// - Throws: `.notFound` if there is no record with the key; `.invalidArgument` if `body` changed the key; the
    ///   errors of `body`; the errors of `put`.
    @discardableResult
    public func update<each Part: TupleElement>(
        _ key: repeat each Part, changing body: (inout Record) throws -> Void
    ) async throws -> Record {
        let key = try checked(repeat each key)
        while true {
            let state = try await state(in: store)
            let storeKey = storeKey(of: key, state)
            guard !state.isNew, let old = try await store.get(storeKey) else { throw notFound(storeKey) }
            var record = try await decode(old, state, store)
            try body(&record)
            try checkKey(of: record, storeKey, state)
            let changed = record
            let (result, _) = try await write { batch, state throws(StoreError) in
                batch.require(.equals(storeKey, old))
                batch.set(storeKey, to: try encode(changed, state))
            }
            if result.isCommitted { return record }
        }
    }

    /// Deletes the record with a key.
    ///
    /// - Parameter key: the elements of the key.
    /// - Returns: whether there was one.
    /// - Throws: `.invalidKey` if the keys of the table have elements of other kinds; the errors of a commit of the
    ///   store.
    @discardableResult
    public func delete<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Bool {
        let key = try checked(repeat each key)
        let state = try await state(in: store)
        if state.isNew { return false }
        let storeKey = storeKey(of: key, state)
        var batch = WriteBatch()
        batch.require(.present(storeKey))
        batch.delete(storeKey)
        return try await store.commit(batch).isCommitted
    }

    /// Deletes the records with several keys, in one commit. Keys without a record are ignored.
    ///
    /// - Parameter keys: the keys.
    /// - Throws: `.invalidKey` if one of them has elements of other kinds; the errors of a commit of the store.
    public func delete(keys: some Sequence<Tuple>) async throws(StoreError) {
        let state = try await state(in: store)
        var batch = WriteBatch()
        for key in keys { batch.delete(storeKey(of: try checked(key), state)) }
        if !state.isNew, !batch.mutations.isEmpty { try await store.commit(batch) }
    }

    /// Deletes all records.
    ///
    /// - Throws: the errors of a commit of the store.
    public func deleteAll() async throws(StoreError) {
        let state = try await state(in: store)
        if !state.isNew { try await store.delete(in: range(state)) }
    }

    private func add(_ record: Record, to batch: inout WriteBatch, _ state: CatalogState) throws(StoreError) {
        batch.set(storeKey(of: record, state), to: try encode(record, state))
    }

    /// Commits the batch that `fill` makes. The first write of a new table or schema adds it to the catalog. If another
    /// program did the same at that moment, the catalog is read and the batch is made again.
    ///
    /// - Returns: the result, with the index of a failed condition of `fill`, and the catalog that the batch is for.
    @discardableResult
    func write(
        _ fill: (inout WriteBatch, CatalogState) throws(StoreError) -> Void
    ) async throws(StoreError) -> (result: CommitResult, state: CatalogState) {
        while true {
            let state = try await state()
            var batch = WriteBatch()
            try fill(&batch, state)
            guard let registration = state.registration else { return (try await store.commit(batch), state) }
            let result = try await store.commit(registration.prepend(to: batch))
            switch result {
            case .committed: return (result, note(state.registered(coder.layout)))
            case .conditionFailed(let index):
                if index >= registration.conditions.count {
                    return (.conditionFailed(index: index - registration.conditions.count), state)
                }
                try await refresh()
            }
        }
    }

    /// Checks that an update has not changed the key of its record.
    func checkKey(of record: Record, _ key: Bytes, _ state: CatalogState) throws(StoreError) {
        if storeKey(of: record, state) == key { return }
        throw StoreError(
            .invalidArgument,
            "An update of the table \(table.name) changed the key of its record; insert and delete instead.",
            store: store.description)
    }

    func alreadyExists(_ key: Bytes) -> StoreError {
        StoreError(
            .alreadyExists, "The table \(table.name) has a record with this key.", store: store.description, key: key)
    }

    func notFound(_ key: Bytes) -> StoreError {
        StoreError(
            .notFound, "The table \(table.name) has no record with this key.", store: store.description, key: key)
    }
}
