/// A shared handle to a store that a ``DistributorActor`` has opened. The store stays open while its handle is held.
///
/// All handles of a store are the same object, which may be passed on freely. When the last reference is released, the
/// distributor closes the store. Scans, snapshots and subscriptions retain the handle.
public final class StoreHandle: KeyValueStore {
    /// The underlying store. Keep a reference to the handle while you use it.
    public let base: any KeyValueStore
    /// Notifies the distributor when the handle is released. To identify the handle, keep the number of the tag and not
    /// the tag itself: while the tag is held, the distributor is not notified.
    public let tag: LifetimeTag

    @usableFromInline let readFastPath: (any ReadFastPath)?
    let snapshotFastPath: (any SnapshotFastPath)?

    init(base: any KeyValueStore, tag: LifetimeTag) {
        self.base = base
        readFastPath = base as? any ReadFastPath
        snapshotFastPath = base as? any SnapshotFastPath
        self.tag = tag
    }

    public var isOpen: Bool { base.isOpen }
    public var description: String { base.description }
    public var limits: StoreLimits { base.limits }

    @inlinable
    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        guard let readFastPath else { return try await base.get(key) }
        do throws(EngineError) {
            return try readFastPath.tryGet(key)
        } catch {
            return try await readFastPath.getBlocking(key, after: error)
        }
    }

    public func get(_ keys: [Bytes]) async throws(StoreError) -> [Bytes?] { try await base.get(keys) }
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await base.exists(key) }

    @inlinable
    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        guard let readFastPath else { return try await base.withValue(for: key, body) }
        do throws(EngineError) {
            var result: R?
            _ = try readFastPath.tryRead(key) { result = body($0) }
            return result
        } catch {
            return try await readFastPath.getBlocking(key, after: error).map { body($0.bytes) }
        }
    }

    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        base.entries(in: range, order: order, limit: limit).retaining(self)
    }

    @discardableResult
    public func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult { try await base.commit(batch) }

    /// Closes the store for all holders of the handle. This is rarely needed: releasing the handle is enough.
    public func close() async throws(StoreError) { try await base.close() }
}
