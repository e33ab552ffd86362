/// The keys of a store that begin with a prefix, as a store of its own.
///
/// ```swift
/// let users = NamespacedStore(store, prefix: "users/")
/// try await users.set("ada", to: "1")  // the key "users/ada" of `store`
/// ```
///
/// Keys, ranges, scans, snapshots, transactions, the change feed and the limits are translated, so callers never see
/// the prefix. Commits are as atomic and durable as those of the underlying store, and share its revisions. The maximum
/// key length is reduced by the length of the prefix. A namespace has no backups, because a copy would contain the
/// whole store.
///
/// Two namespaces of one store share entries only if one prefix begins with the other. To avoid this, end prefixes with
/// a separator that they do not contain otherwise. Closing a namespace closes the underlying store.
public struct NamespacedStore: StoreLayer {
    public let base: any KeyValueStore
    public let reader: any StoreReader
    /// The prefix of every key of the namespace in the underlying store.
    public var prefix: Bytes { namespace.prefix }
    let namespace: Namespace

    /// Creates a namespace of a store.
    ///
    /// - Parameters:
    ///   - base: the underlying store.
    ///   - prefix: the prefix of every key of the namespace in `base`. It must be shorter than the maximum key length
    ///     of `base`; otherwise every key is too long.
    public init(_ base: any KeyValueStore, prefix: Bytes) {
        self.base = base
        namespace = Namespace(prefix: prefix.trimmed())
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

    public func close() async throws(StoreError) {
        do throws(StoreError) { try await base.close() } catch { throw translated(error) }
    }

    public var snapshots: (any SnapshotProvider)? { base.snapshots.map { NamespacedSnapshots(base: $0, store: self) } }
    public var changeFeed: (any ChangeFeedProvider)? { base.changeFeed.map { NamespacedFeed(base: $0, store: self) } }
    public var inspector: (any StoreInspector)? { base.inspector.map { NamespacedInspector(base: $0, store: self) } }
    public var backups: (any BackupProvider)? { nil }

    func translated(_ error: StoreError) -> StoreError { namespace.inner(error, of: description) }
}
