/// An ordered key-value store: what every backend is, and what every layer stands on.
///
/// Four capabilities are optional. A store that has one returns its provider; a layer forwards or withholds each in one
/// line. Callers use the methods of the same name on the store, such as ``snapshot()``, which throw `.notSupported` where
/// the store lacks the capability.
public protocol KeyValueStore: StoreReader, StoreWriter {
    /// Closes the store: waits for the commits in flight, ends open scans with `.closed`, and releases every file and lock.
    ///
    /// When it returns, the same files can be opened again. Later calls throw `.closed`; closing twice is harmless.
    func close() async throws(StoreError)

    /// Takes snapshots; nil when the store has none. Default: nil.
    var snapshots: (any SnapshotProvider)? { get }
    /// Delivers committed changes; nil when the store does not. Default: nil.
    var changeFeed: (any ChangeFeedProvider)? { get }
    /// Reports statistics and verifies the store; nil when the store does neither. Default: nil.
    var inspector: (any StoreInspector)? { get }
    /// Copies the store to another directory; nil when the store cannot. Default: nil.
    var backups: (any BackupProvider)? { get }
}

extension KeyValueStore {
    public var snapshots: (any SnapshotProvider)? { nil }
    public var changeFeed: (any ChangeFeedProvider)? { nil }
    public var inspector: (any StoreInspector)? { nil }
    public var backups: (any BackupProvider)? { nil }
}
