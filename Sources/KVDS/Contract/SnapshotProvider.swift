/// A store that can show one moment for longer than a scan.
public protocol SnapshotProvider: StoreReader {
    /// Takes a snapshot of this moment: it shows every commit that was acknowledged before.
    ///
    /// Close it when you are done, or let go of it: old moments keep deleted data, in LMDB's file and RocksDB's files.
    ///
    /// - Throws: `.closed`, `.tooManySnapshots`, or what the engine throws.
    /// - Complexity: O(1).
    func snapshot() async throws(StoreError) -> any StoreSnapshot
}

extension SnapshotProvider {
    /// Calls `body` with a snapshot of this moment, and closes it.
    ///
    /// ```swift
    /// let sum = try await store.withSnapshot { view in
    ///     var sum = 0
    ///     for try await entry in view.entries(prefix: "balance:") { sum += entry.value.count }
    ///     return sum
    /// }
    /// ```
    ///
    /// - Throws: what ``snapshot()`` and `body` throw.
    public func withSnapshot<R>(_ body: (any StoreSnapshot) async throws -> R) async throws -> R {
        let snapshot = try await snapshot()
        defer { snapshot.close() }
        return try await body(snapshot)
    }
}
