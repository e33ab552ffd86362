/// The keys of a store that begin with a prefix, as a store of its own.
///
/// ```swift
/// let users = NamespacedStore(store, prefix: "users/")
/// try await users.set("ada", to: "1")  // the key "users/ada" of `store`
/// ```
///
/// Keys, ranges, scans, snapshots, transactions, the change feed and the limits are translated, so the prefix is seen
/// nowhere. Commits are atomic and durable as those of the store underneath, and share its revisions. The longest key is
/// shorter by the prefix. A namespace has no backup: a copy would be one of the whole store.
///
/// Two namespaces of one store see each other's entries only where one prefix begins with the other: end prefixes with a
/// separator that no prefix contains. Closing a namespace closes the store underneath.
public struct NamespacedStore: StoreLayer {
    public let base: any KeyValueStore
    public let reader: any StoreReader
    /// What every key of the namespace begins with in the store underneath.
    public var prefix: Bytes { namespace.prefix }
    let namespace: Namespace

    /// - Parameters:
    ///   - base: the store underneath.
    ///   - prefix: what every key of the namespace begins with there; it should leave room for keys within the limits.
    public init(_ base: any KeyValueStore, prefix: Bytes) {
        self.base = base
        namespace = Namespace(prefix: prefix)
        reader = NamespacedReader(
            base, namespace, description: "\(base.description) (namespace of \(prefix.count) bytes)")
    }

    @discardableResult
    public func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        try limits.check(batch)
        do throws(StoreError) {
            return try await base.commit(namespace.outer(batch))
        } catch {
            throw translated(error)
        }
    }

    public var snapshots: (any SnapshotProvider)? { base.snapshots.map { NamespacedSnapshots($0, of: self) } }
    public var changeFeed: (any ChangeFeedProvider)? { base.changeFeed.map { NamespacedFeed($0, of: self) } }
    public var inspector: (any StoreInspector)? { base.inspector.map { NamespacedInspector($0, of: self) } }
    public var backups: (any BackupProvider)? { nil }

    func translated(_ error: StoreError) -> StoreError { namespace.inner(error, of: description) }
}
