/// An ordered key-value store: what a backend opens, and what a layer is.
///
/// Four capabilities are optional. A store that has one returns a provider for it. Callers use the methods of the
/// store, such as ``snapshot()``, which throw `.notSupported` if the store lacks the capability.
public protocol KeyValueStore: StoreReader, StoreWriter {
    /// Closes the store: waits for the commits in flight, ends open scans and snapshots with `.closed`, and releases
    /// every file and lock.
    ///
    /// When it returns, the same files can be opened again. Later calls throw `.closed`. It may be called more than
    /// once.
    ///
    /// - Throws: the errors of closing the engine. The store is closed nevertheless.
    func close() async throws(StoreError)

    /// Whether other processes may read and write the same files at the same time. Default: false.
    var isShared: Bool { get }

    /// Takes snapshots; nil if the store has none. Default: nil.
    var snapshots: (any SnapshotProvider)? { get }
    /// Delivers committed changes; nil if the store has no change feed. Default: nil.
    var changeFeed: (any ChangeFeedProvider)? { get }
    /// Reports statistics and verifies the store; nil if the store has neither. Default: nil.
    var inspector: (any StoreInspector)? { get }
    /// Copies the store to another directory; nil if the store has no backups. Default: nil.
    var backups: (any BackupProvider)? { get }
}

extension KeyValueStore {
    public var isShared: Bool { false }
    public var snapshots: (any SnapshotProvider)? { nil }
    public var changeFeed: (any ChangeFeedProvider)? { nil }
    public var inspector: (any StoreInspector)? { nil }
    public var backups: (any BackupProvider)? { nil }
}
