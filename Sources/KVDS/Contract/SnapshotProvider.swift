/// One moment of a store, for as long as it is held.
///
/// However many writes land meanwhile, every read and scan of it shows the store as it was when it was taken. It may be
/// handed from task to task and used by several at once.
///
/// It ends with ``close()``, or when nobody holds it any more; an iterator of one of its scans holds it. The store ends it
/// when it is closed, after which reads throw `.closed`, and when it has become older than
/// ``StoreConfiguration/snapshotAgeLimit``, after which they throw `.snapshotExpired`.
public protocol StoreSnapshot: StoreReader, AnyObject {
    /// The last commit that the snapshot shows.
    var revision: Revision { get }

    /// Ends the snapshot at once and frees what it holds; closing twice is harmless.
    ///
    /// Later reads, and those scans of it that are open, throw `.snapshotEnded`. A read under way runs to its end.
    func close()
}

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
