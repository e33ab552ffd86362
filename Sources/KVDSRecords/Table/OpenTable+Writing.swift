public import KVDS

extension OpenTable {
    /// Writes a record, whether or not there is one with its key.
    ///
    /// - Parameter record: the record.
    /// - Throws: `.invalidRecord` if it cannot be encoded; `.alreadyExists` if another record has the same fields in a
    ///   unique index; the errors of a commit of the store.
    public func put(_ record: Record) async throws(StoreError) {
        _ = try await commit { state throws(StoreError) in [try write(record, state)] }
    }

    /// Writes records in one commit, whether or not there are some with their keys.
    ///
    /// - Parameter records: the records; of several with one key the last one counts.
    /// - Throws: as for one record; nothing is written then.
    public func put(_ records: some Sequence<Record>) async throws(StoreError) {
        let records = Array(records)
        _ = try await commit { state throws(StoreError) in
            var writes: [RecordWrite] = []
            var positions: [Bytes: Int] = [:]
            for record in records {
                let write = try write(record, state)
                if let position = positions.updateValue(writes.count, forKey: write.key) {
                    positions[write.key] = position
                    writes[position] = write
                } else {
                    writes.append(write)
                }
            }
            return writes
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
        let existing = try await commit { state throws(StoreError) in
            var writes: [RecordWrite] = []
            var keys: Set<Bytes> = []
            for record in records {
                let write = try write(record, state, .absent)
                guard keys.insert(write.key).inserted else { throw alreadyExists(write.key) }
                writes.append(write)
            }
            return writes
        }
        if let existing { throw alreadyExists(storeKey(of: records[existing], try await state())) }
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
            var record = try await decode(old, state, store, at: storeKey)
            try body(&record)
            try checkKey(of: record, storeKey, state)
            let changed = record
            let unmet = try await commit { state throws(StoreError) in [try write(changed, state, .equals(old))] }
            if unmet == nil { return record }
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
        if try await state(in: store).isNew { return false }
        return try await commit { state in
            [RecordWrite(key: storeKey(of: key, state), record: nil, expectation: .present)]
        } == nil
    }

    /// Deletes the records with several keys, in one commit. Keys without a record are ignored.
    ///
    /// - Parameter keys: the keys.
    /// - Throws: `.invalidKey` if one of them has elements of other kinds; the errors of a commit of the store.
    public func delete(keys: some Sequence<Tuple>) async throws(StoreError) {
        var known: Set<Bytes> = []
        var different: [Tuple] = []
        for key in keys where known.insert(try checked(key).packed).inserted { different.append(key) }
        if try await state(in: store).isNew { return }
        _ = try await commit { state in
            different.map { RecordWrite(key: storeKey(of: $0, state), record: nil) }
        }
    }

    /// The write of a record.
    func write(
        _ record: Record, _ state: CatalogState, _ expectation: RecordWrite.Expectation = .anything
    ) throws(StoreError) -> RecordWrite {
        RecordWrite(key: storeKey(of: record, state), record: try encode(record, state), expectation: expectation)
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
