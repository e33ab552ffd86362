/// A store whose snapshots can keep what they were taken from.
protocol SnapshotFastPath: Sendable {
    /// Takes a snapshot.
    ///
    /// - Throws: what ``snapshotBlocking(retaining:after:)`` then takes.
    func trySnapshot(retaining owner: (any AnyObject & Sendable)?) throws(StoreError) -> any StoreSnapshot

    /// Takes one that could not be had at once.
    ///
    /// - Parameter error: why not.
    /// - Throws: `error` itself when nothing can be done about it.
    func snapshotBlocking(
        retaining owner: (any AnyObject & Sendable)?, after error: StoreError
    ) async throws(StoreError) -> any StoreSnapshot
}
