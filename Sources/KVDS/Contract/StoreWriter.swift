/// Writes to a store. ``commit(_:)`` is the only way to change a store; all other functions call it.
public protocol StoreWriter: Sendable {
    /// Commits the changes of `batch` atomically, if its conditions hold.
    ///
    /// When the call returns, the commit has at least the durability that the batch requests, or else that of the
    /// store's configuration, if the engine supports it. The result contains the durability reached. A cancelled call
    /// changes nothing if its batch was not queued yet. A queued batch always runs to completion, and the call returns
    /// its result.
    ///
    /// - Returns: `.committed`, or `.conditionFailed` if a condition did not hold and nothing changed.
    /// - Throws: `.invalidKey`, `.invalidValue`; `.cancelled` when the task was cancelled before the batch was queued;
    ///   `.closed`; `.diskFull`, `.storeFull`; other errors of the engine. After these nothing has changed.
    ///   `.outcomeUnknown` when the disk failed during the commit, which may or may not have been made; later commits
    ///   throw `.writesRefused` until the store is reopened.
    @discardableResult
    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult
}

extension StoreWriter {
    /// Sets `key` to `value`.
    ///
    /// - Throws: as ``commit(_:)``.
    @discardableResult
    public func set(_ key: Bytes, to value: Bytes) async throws(StoreError) -> CommitResult {
        var batch = WriteBatch()
        batch.set(key, to: value)
        return try await commit(batch)
    }

    /// Deletes `key`. It is not an error if the key has no value.
    ///
    /// - Throws: as ``commit(_:)``.
    @discardableResult
    public func delete(_ key: Bytes) async throws(StoreError) -> CommitResult {
        try await write { $0.delete(key) }
    }

    /// Deletes all keys in `range`.
    ///
    /// - Throws: as ``commit(_:)``.
    @discardableResult
    public func delete(in range: KeyRange) async throws(StoreError) -> CommitResult {
        try await write { $0.delete(in: range) }
    }

    /// Sets `key` to `value` if it has no value. If several tasks call this concurrently, only one sets its value.
    ///
    /// - Returns: whether the value was set.
    /// - Throws: as ``commit(_:)``.
    public func setIfAbsent(_ key: Bytes, to value: Bytes) async throws(StoreError) -> Bool {
        try await write {
            $0.require(.absent(key)); $0.set(key, to: value)
        }.isCommitted
    }

    /// Sets `key` to `new` if its value equals `expected`.
    ///
    /// - Parameters:
    ///   - key: the key to change.
    ///   - expected: the expected value; nil for no value.
    ///   - new: the new value.
    /// - Returns: whether the value was set.
    /// - Throws: as ``commit(_:)``.
    public func compareAndSwap(_ key: Bytes, expected: Bytes?, new: Bytes) async throws(StoreError) -> Bool {
        try await write {
            $0.require(.value(of: key, is: expected))
            $0.set(key, to: new)
        }.isCommitted
    }

    /// Deletes `key` if its value equals `expected`.
    ///
    /// - Returns: whether the key was deleted.
    /// - Throws: as ``commit(_:)``.
    public func compareAndDelete(_ key: Bytes, expected: Bytes) async throws(StoreError) -> Bool {
        try await write {
            $0.require(.equals(key, expected)); $0.delete(key)
        }.isCommitted
    }

    /// Commits the batch that `body` fills, atomically.
    ///
    /// - Parameters:
    ///   - durability: the durability of the commit; nil for that of the store's configuration.
    ///   - body: fills the batch. It is called once, before the batch is queued.
    /// - Returns: as ``commit(_:)``.
    /// - Throws: as ``commit(_:)``.
    @discardableResult
    public func write(
        durability: Durability? = nil, _ body: (inout WriteBatch) -> Void
    ) async throws(StoreError) -> CommitResult {
        var batch = WriteBatch(durability: durability)
        body(&batch)
        return try await commit(batch)
    }
}
