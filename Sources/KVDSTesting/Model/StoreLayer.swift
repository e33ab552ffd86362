public import KVDS

/// A store that does what another does, but for what it says itself: to hold an answer back, to fail, to break a promise.
///
/// It has none of the other's abilities: neither snapshots nor changes.
public protocol StoreLayer: KeyValueStore {
    /// Whom everything is passed on to.
    var base: any KeyValueStore { get }
}

extension StoreLayer {
    public var isOpen: Bool { base.isOpen }
    public var description: String { base.description }
    public var limits: StoreLimits { base.limits }

    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? { try await base.get(key) }
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await base.exists(key) }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await base.withValue(for: key, body)
    }

    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        base.entries(in: range, order: order, limit: limit)
    }

    @discardableResult
    public func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult { try await base.commit(batch) }

    public func close() async throws(StoreError) { try await base.close() }
}
