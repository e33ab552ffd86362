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
    /// - Throws: `.invalidRecord` if the record cannot be encoded; the errors of reading the catalog, and of the commit
    ///   that adds a new table to it.
    public func put(_ record: Record, in batch: inout WriteBatch) async throws(StoreError) {
        try await add(record, to: &batch, isNew: false)
    }

    /// Adds the writing of a record to a batch, on the condition that there is none with its key.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - batch: the batch to extend.
    /// - Throws: as ``put(_:in:)``.
    public func insert(_ record: Record, in batch: inout WriteBatch) async throws(StoreError) {
        try await add(record, to: &batch, isNew: true)
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
        let key = try checked(repeat each key)
        batch.delete(storeKey(of: key, try await registered()))
    }

    private func add(_ record: Record, to batch: inout WriteBatch, isNew: Bool) async throws(StoreError) {
        // A record that cannot be encoded must not leave a new table behind.
        _ = try encode(record, try await state())
        let state = try await registered()
        let key = storeKey(of: record, state)
        if isNew { batch.require(.absent(key)) }
        batch.set(key, to: try encode(record, state))
    }

    /// Adds the table and its schema to the catalog, unless they are there.
    private func registered() async throws(StoreError) -> CatalogState {
        let state = try await state()
        return state.registration == nil ? state : try await write { _, _ in }.state
    }
}
