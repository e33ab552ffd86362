public import KVDS

/// Writes that become part of a batch, so that several tables change in one commit.
///
/// ```swift
/// var batch = WriteBatch()
/// try await users.put(user, in: &batch)
/// try await orders.insert(order, in: &batch)
/// let isDone = try await store.commit(batch).isCommitted
/// ```
extension OpenTable {
    /// Adds the writing of a record to a batch.
    ///
    /// A new table or schema is added to the catalog by a commit of its own before that.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - batch: the batch to extend.
    /// - Throws: `.invalidRecord` if the record cannot be encoded; the errors of reading the catalog.
    public func put(_ record: Record, in batch: inout WriteBatch) async throws(StoreError) {
        let state = try await register()
        batch.set(storeKey(state) { table.appendKey(record, &$0) }, to: try encode(record, state))
    }

    /// Adds the writing of a record to a batch, on the condition that there is none with its key.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - batch: the batch to extend.
    /// - Throws: as ``put(_:in:)``.
    public func insert(_ record: Record, in batch: inout WriteBatch) async throws(StoreError) {
        let state = try await register()
        batch.require(.absent(storeKey(state) { table.appendKey(record, &$0) }))
        try await put(record, in: &batch)
    }

    /// Adds the deletion of the record with a key to a batch.
    ///
    /// - Parameters:
    ///   - key: the elements of the key.
    ///   - batch: the batch to extend.
    /// - Throws: `.invalidKey` if the keys of the table have elements of other kinds.
    public func delete<each Part: TupleElement>(
        _ key: repeat each Part, in batch: inout WriteBatch
    ) async throws(StoreError) {
        guard let state = try await state(in: store) else { return }
        batch.delete(try storeKey(state, repeat each key))
    }

    /// Adds the table and its schema to the catalog, unless they are there.
    private func register() async throws(StoreError) -> CatalogState {
        if try await state().registration != nil { try await write { _, _ in } }
        return try await state()
    }
}
