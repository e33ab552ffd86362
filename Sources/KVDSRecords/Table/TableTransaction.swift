public import KVDS

/// A table inside of a transaction: its reads belong to what the transaction has read, and its writes are made when the
/// transaction commits.
///
/// ```swift
/// try await store.withTransaction { tx in
///     try await tx[accounts].update(1) { $0.balance -= 10 }
///     try await tx[transfers].insert(transfer)
/// }
/// ```
public struct TableTransaction<Record: Codable & Sendable>: Sendable {
    let table: OpenTable<Record>
    let transaction: any RecordTransaction

    private var reader: TableReader<Record> { table.reader(of: transaction) }

    /// The record with a key; nil if there is none.
    ///
    /// - Parameter key: the elements of the key.
    /// - Throws: as ``OpenTable/get(_:)``, and the errors of the transaction's reads.
    public func get<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Record? {
        try await reader.get(repeat each key)
    }

    /// Whether there is a record with a key.
    ///
    /// - Parameter key: the elements of the key.
    /// - Throws: as ``get(_:)``.
    public func contains<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Bool {
        try await reader.contains(repeat each key)
    }

    /// The records in the order of their keys, with the transaction's own writes, streamed.
    ///
    /// - Parameters:
    ///   - prefix: the first elements of the keys; an empty tuple for all records.
    ///   - order: `.forward` from the smallest key, `.reverse` from the greatest.
    ///   - limit: the maximum number of records; nil for no limit.
    public func records(
        prefix: Tuple = Tuple(), order: ScanOrder = .forward, limit: Int? = nil
    ) -> Records<Record> {
        reader.records(prefix: prefix, order: order, limit: limit)
    }

    /// Writes a record, whether or not there is one with its key.
    ///
    /// - Parameter record: the record.
    /// - Throws: `.invalidRecord` if it cannot be encoded; the errors of the transaction.
    public func put(_ record: Record) async throws(StoreError) {
        let state = try await state()
        let key = table.storeKey(of: record, state)
        let old = state.maintained.isEmpty ? nil : try await transaction.valueForUpdate(key)
        try await write(key, from: old, to: try table.encode(record, state), state)
    }

    /// Writes a record if there is none with its key.
    ///
    /// - Parameter record: the record.
    /// - Throws: `.alreadyExists` if there is one; the errors of `put`.
    public func insert(_ record: Record) async throws(StoreError) {
        let state = try await state()
        let key = table.storeKey(of: record, state)
        if try await transaction.valueForUpdate(key) != nil { throw table.alreadyExists(key) }
        try await write(key, from: nil, to: try table.encode(record, state), state)
    }

    /// Changes the record with a key.
    ///
    /// - Parameters:
    ///   - key: the elements of the key.
    ///   - body: changes the record. It must not change its key.
    /// - Returns: the changed record.
    /// - Throws: as ``OpenTable/update(_:changing:)``.
    @discardableResult
    public func update<each Part: TupleElement>(
        _ key: repeat each Part, changing body: (inout Record) throws -> Void
    ) async throws -> Record {
        let key = try table.checked(repeat each key)
        let state = try await state()
        let storeKey = table.storeKey(of: key, state)
        guard !state.isNew, let value = try await transaction.valueForUpdate(storeKey) else {
            throw table.notFound(storeKey)
        }
        var record = try await table.decode(value, state, transaction, at: storeKey)
        try body(&record)
        try table.checkKey(of: record, storeKey, state)
        try await write(storeKey, from: value, to: try table.encode(record, state), state)
        return record
    }

    /// Deletes the record with a key.
    ///
    /// - Parameter key: the elements of the key.
    /// - Returns: whether there was one.
    /// - Throws: as ``get(_:)``.
    @discardableResult
    public func delete<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Bool {
        let key = try table.checked(repeat each key)
        let state = try await state()
        let storeKey = table.storeKey(of: key, state)
        guard !state.isNew, let old = try await transaction.valueForUpdate(storeKey) else { return false }
        try await write(storeKey, from: old, to: nil, state)
        return true
    }

    /// The catalog as the transaction sees it. It becomes part of what the transaction has read, so that an index that
    /// another program adds cannot be forgotten.
    private func state() async throws(StoreError) -> CatalogState { try await table.checkedState(in: transaction) }

    /// Writes or deletes a record and the entries of its indexes, and adds the table and its schema to the catalog
    /// unless they are there.
    ///
    /// - Parameter old: the value of the record before; without indexes it is not needed.
    private func write(
        _ key: Bytes, from old: Bytes?, to record: EncodedRecord?, _ state: CatalogState
    ) async throws(StoreError) {
        if record != nil {
            for entry in state.registration?.entries ?? [] { try await transaction.put(entry.key, entry.value) }
        }
        if !state.maintained.isEmpty {
            var stored: StoredRecord?
            if let old { stored = try await table.storedRecord(old, state, transaction) }
            var changes = try EntryChanges(
                state.maintained, key: state.recordKey(of: key), from: stored, to: record?.stored)
            _ = try await changes.settle { (key) throws(StoreError) in try await transaction.valueForUpdate(key) }
            // Before the first write, because the transaction may continue after this error.
            for (entry, index) in changes.added where index.isUnique(entry) {
                if try await transaction.valueForUpdate(entry.key) != nil {
                    throw table.alreadyExists(inIndex: index.description.name)
                }
            }
            for key in changes.removed { try await transaction.remove(key) }
            for (entry, _) in changes.added { try await transaction.put(entry.key, entry.value) }
        }
        if let record {
            try await transaction.put(key, record.value)
        } else {
            try await transaction.remove(key)
        }
    }
}

/// What the tables need of the two kinds of transactions.
protocol RecordTransaction: StoreReader {
    /// The value of a key that will be written next.
    func valueForUpdate(_ key: Bytes) async throws(StoreError) -> Bytes?
    func put(_ key: Bytes, _ value: Bytes) async throws(StoreError)
    func remove(_ key: Bytes) async throws(StoreError)
}

extension Transaction: RecordTransaction {
    /// A table, whose reads and writes are those of this transaction.
    ///
    /// - Parameter table: a table of the transaction's store.
    public subscript<Record>(table: OpenTable<Record>) -> TableTransaction<Record> {
        TableTransaction(table: table, transaction: self)
    }

    func valueForUpdate(_ key: Bytes) async throws(StoreError) -> Bytes? { try await get(key) }
    func put(_ key: Bytes, _ value: Bytes) async throws(StoreError) { set(key, to: value) }
    func remove(_ key: Bytes) async throws(StoreError) { delete(key) }
}

extension LockingTransaction: RecordTransaction {
    /// A table, whose reads and writes are those of this transaction.
    ///
    /// - Parameter table: a table of the transaction's store.
    public subscript<Record>(table: OpenTable<Record>) -> TableTransaction<Record> {
        TableTransaction(table: table, transaction: self)
    }

    func valueForUpdate(_ key: Bytes) async throws(StoreError) -> Bytes? { try await getForUpdate(key) }
    func put(_ key: Bytes, _ value: Bytes) async throws(StoreError) { try await set(key, to: value) }
    func remove(_ key: Bytes) async throws(StoreError) { try await delete(key) }
}
