/// A reader over another reader. It forwards every call that it does not implement itself.
public protocol ReaderLayer: StoreReader {
    /// The underlying reader.
    var reader: any StoreReader { get }
}

extension ReaderLayer {
    public var isOpen: Bool { reader.isOpen }
    public var description: String { reader.description }
    public var limits: StoreLimits { reader.limits }

    public func get(_ key: Bytes) async throws(StoreError) -> Bytes? { try await reader.get(key) }
    public func get(_ keys: [Bytes]) async throws(StoreError) -> [Bytes?] { try await reader.get(keys) }
    public func exists(_ key: Bytes) async throws(StoreError) -> Bool { try await reader.exists(key) }

    public func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try await reader.withValue(for: key, body)
    }

    public func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        reader.entries(in: range, order: order, limit: limit)
    }
}
