/// Writing: the one mutation path of a store.
public protocol StoreWriter: Sendable {
    /// Makes the changes of `batch` at one instant, if its conditions hold.
    ///
    /// When this returns, the commit is as safe as the batch, or else the store's configuration, asked for.
    ///
    /// - Returns: `.committed`, or `.conditionFailed` when a condition did not hold and nothing changed.
    /// - Throws: `.invalidKey`, `.invalidValue` (nothing changed); `.cancelled` when the task was cancelled before the
    ///   batch was queued (nothing changed; once queued it runs to its known end); `.closed`; `.diskFull`, `.storeFull`
    ///   (nothing changed); `.outcomeUnknown` when the disk failed and nobody can say, after which the store answers
    ///   `.writesRefused` until it is reopened.
    @discardableResult
    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult
}

extension StoreWriter {
    /// Gives `key` the value `value`.
    @discardableResult
    public func set(_ key: Bytes, to value: Bytes) async throws(StoreError) -> CommitResult {
        try await write { $0.set(key, to: value) }
    }

    /// Removes `key`; a key that is not there is no error.
    @discardableResult
    public func delete(_ key: Bytes) async throws(StoreError) -> CommitResult {
        try await write { $0.delete(key) }
    }

    /// Removes every key in `range`.
    @discardableResult
    public func delete(in range: KeyRange) async throws(StoreError) -> CommitResult {
        try await write { $0.delete(in: range) }
    }

    /// Gives `key` the value `value` if it has none; of many tasks that race, one wins.
    ///
    /// - Returns: whether the value was set.
    public func setIfAbsent(_ key: Bytes, to value: Bytes) async throws(StoreError) -> Bool {
        try await write {
            $0.require(.absent(key)); $0.set(key, to: value)
        }.isCommitted
    }

    /// Replaces the value of `key` if it is `expected`; nil stands for no value.
    ///
    /// - Returns: whether the value was replaced.
    public func compareAndSwap(_ key: Bytes, expected: Bytes?, new: Bytes) async throws(StoreError) -> Bool {
        try await write {
            $0.require(expected.map { .equals(key, $0) } ?? .absent(key))
            $0.set(key, to: new)
        }.isCommitted
    }

    /// Removes `key` if its value is `expected`.
    ///
    /// - Returns: whether it was removed.
    public func compareAndDelete(_ key: Bytes, expected: Bytes) async throws(StoreError) -> Bool {
        try await write {
            $0.require(.equals(key, expected)); $0.delete(key)
        }.isCommitted
    }

    /// Commits the batch that `body` fills: all of it or nothing.
    ///
    /// - Parameters:
    ///   - durability: how safe the commit must be; nil for the store's own setting.
    ///   - body: fills the batch; it is called once, before anything is queued.
    @discardableResult
    public func write(
        durability: Durability? = nil, _ body: (inout WriteBatch) -> Void
    ) async throws(StoreError) -> CommitResult {
        var batch = WriteBatch(durability: durability)
        body(&batch)
        return try await commit(batch)
    }
}
