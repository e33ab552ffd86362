/// A store over another store: it adds something and forwards the rest.
///
/// A layer implements only what it changes. Everything else, including the capabilities, is forwarded to ``base``. To
/// withhold a capability, return nil for it:
///
/// ```swift
/// struct AuditedStore: StoreLayer {
///     let base: any KeyValueStore
///     let log: AuditLog
///
///     func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
///         let result = try await base.commit(batch)
///         log.append(batch.mutations.count)
///         return result
///     }
///
///     var backups: (any BackupProvider)? { nil }
/// }
/// ```
///
/// A layer that translates keys or values must translate every capability that it forwards: see ``NamespacedStore``.
/// Run `StoreConformance` of the module KVDSTesting on a layer of your own.
public protocol StoreLayer: KeyValueStore, ReaderLayer {
    /// The underlying store.
    var base: any KeyValueStore { get }
}

extension StoreLayer {
    public var reader: any StoreReader { base }

    @discardableResult
    public func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult { try await base.commit(batch) }
    public func close() async throws(StoreError) { try await base.close() }

    public var isShared: Bool { base.isShared }
    public var snapshots: (any SnapshotProvider)? { base.snapshots }
    public var changeFeed: (any ChangeFeedProvider)? { base.changeFeed }
    public var inspector: (any StoreInspector)? { base.inspector }
    public var backups: (any BackupProvider)? { base.backups }
}
