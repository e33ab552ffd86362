/// The synchronous fast path for snapshots. A snapshot can retain an owner, such as the handle it was taken from.
protocol SnapshotFastPath: Sendable {
    /// Takes a snapshot.
    ///
    /// - Throws: an error to pass to ``snapshotBlocking(retaining:after:)``.
    func trySnapshot(retaining owner: (any AnyObject & Sendable)?) throws(EngineError) -> any StoreSnapshot

    /// Takes a snapshot, after the fast path threw `error`. The call may wait.
    ///
    /// - Throws: the error in `.failed`, of the fast path or of this call.
    func snapshotBlocking(
        retaining owner: (any AnyObject & Sendable)?, after error: EngineError
    ) async throws(StoreError) -> any StoreSnapshot
}
