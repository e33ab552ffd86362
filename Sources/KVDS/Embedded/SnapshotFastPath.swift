/// The synchronous fast path for snapshots. A snapshot can retain an owner, such as the handle it was taken from.
protocol SnapshotFastPath: Sendable {
    /// Takes a snapshot.
    ///
    /// - Throws: an error to pass to ``snapshotBlocking(retaining:after:)``.
    func trySnapshot(retaining owner: (any AnyObject & Sendable)?) throws(StoreError) -> any StoreSnapshot

    /// Takes a snapshot, after the fast path threw `error`. The call may wait.
    ///
    /// - Throws: `error` itself when repeating the call cannot help; otherwise the errors of taking a snapshot.
    func snapshotBlocking(
        retaining owner: (any AnyObject & Sendable)?, after error: StoreError
    ) async throws(StoreError) -> any StoreSnapshot
}
