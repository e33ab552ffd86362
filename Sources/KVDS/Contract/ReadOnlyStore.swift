/// A view of a store that can be read and nothing more; it keeps the store it shows.
public struct ReadOnlyStore: StoreReader {
    private let base: any StoreReader

    init(_ base: any StoreReader) { self.base = base }

    public var isOpen: Bool { base.isOpen }
    public var description: String { "\(base.description) (read only)" }
    public var limits: StoreLimits { base.limits }

    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? { try await base.get(key) }
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await base.exists(key) }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await base.withValue(for: key, body)
    }

    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        base.entries(in: range, order: order, limit: limit)
    }
}

extension KeyValueStore {
    /// The store for those who may only read it.
    public var readOnly: ReadOnlyStore { ReadOnlyStore(self) }
}
