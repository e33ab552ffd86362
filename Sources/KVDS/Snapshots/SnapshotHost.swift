import Synchronization

/// The store of a snapshot, as the snapshot uses it.
///
/// Snapshots are not generic over the type of the engine: looking up such a type at run time costs more than a call
/// through a protocol.
protocol SnapshotHost: AnyObject, Sendable {
    var isOpen: Bool { get }
    var description: String { get }
    var limits: StoreLimits { get }
    var gate: ReadGate { get }
    var openSnapshots: SnapshotRegistry { get }
    var closedError: StoreError { get }
    var expiredError: StoreError { get }

    /// See ``EmbeddedStore/retryBlocking(after:_:)``.
    func retryBlocking<R: Sendable>(
        after error: EngineError, _ body: @escaping @Sendable () throws(EngineError) -> R
    ) async throws(StoreError) -> R

    /// A scan of `snapshot`.
    func makeScan(
        of snapshot: EmbeddedSnapshot, in range: KeyRange, order: ScanOrder, limit: Int?
    ) -> any EntryPageSource
}

extension SnapshotHost {
    /// The error that a revoked snapshot or scan throws when it is used.
    func error(after end: RevocationReason) -> StoreError {
        switch end {
        case .closed: StoreError(.snapshotEnded, "The snapshot was closed; take another one.", store: description)
        case .storeClosed: closedError
        case .expired: expiredError
        }
    }
}
