/// Takes snapshots of a store.
public protocol SnapshotProvider: Sendable {
    /// Takes a snapshot of the store as it is now. It shows every commit that was acknowledged before the call.
    ///
    /// Close or release the snapshot when it is no longer needed. Old snapshots keep deleted data alive.
    ///
    /// - Throws: `.closed`; `.tooManySnapshots`; the errors of the engine.
    /// - Complexity: O(1).
    func makeSnapshot() async throws(StoreError) -> any StoreSnapshot
}

extension KeyValueStore {
    /// Takes a snapshot of the store as it is now. It shows every commit that was acknowledged before the call.
    ///
    /// Close or release the snapshot when it is no longer needed. Old snapshots keep deleted data alive.
    ///
    /// - Throws: `.notSupported` if the store has no snapshots; otherwise as ``SnapshotProvider/makeSnapshot()``.
    /// - Complexity: O(1).
    public func snapshot() async throws(StoreError) -> any StoreSnapshot {
        try await require(snapshots, "snapshots").makeSnapshot()
    }

    /// Calls `body` with a snapshot of the store as it is now, and closes the snapshot.
    ///
    /// ```swift
    /// let sum = try await store.withSnapshot { snapshot in
    ///     var sum = 0
    ///     for try await entry in snapshot.entries(prefix: "balance:") { sum += entry.value.count }
    ///     return sum
    /// }
    /// ```
    ///
    /// - Returns: the result of `body`.
    /// - Throws: the errors of ``snapshot()`` and of `body`.
    public func withSnapshot<R>(_ body: (any StoreSnapshot) async throws -> R) async throws -> R {
        let snapshot = try await snapshot()
        defer { snapshot.close() }
        return try await body(snapshot)
    }
}
