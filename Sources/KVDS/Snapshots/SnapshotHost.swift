import Synchronization

/// What a snapshot asks of the store whose moment it shows.
///
/// Snapshots know nothing of the engine's type: to look one up, where it is not known before the program runs, costs more
/// than a call through a protocol.
protocol SnapshotHost: AnyObject, Sendable {
    var isOpen: Bool { get }
    var description: String { get }
    var limits: StoreLimits { get }
    var gate: ReadGate { get }
    var views: SnapshotRegistry { get }
    var closedError: StoreError { get }
    var expiredError: StoreError { get }

    /// See ``EmbeddedStore/retryBlocking(after:_:)``.
    func retryBlocking<R: Sendable>(
        after error: StoreError, _ body: @escaping @Sendable () throws(StoreError) -> R
    ) async throws(StoreError) -> R

    /// A scan of what `snapshot` shows.
    func makeScan(
        of snapshot: EmbeddedSnapshot, in range: KeyRange, order: ScanOrder, limit: Int?
    ) -> any EntryPageSource
}

extension SnapshotHost {
    /// What the use of a view is answered with that has ended so.
    func error(after end: RevocationReason) -> StoreError {
        switch end {
        case .closed: StoreError(.snapshotEnded, "The snapshot was closed; take another one.", store: description)
        case .storeClosed: closedError
        case .expired: expiredError
        }
    }
}
