/// Reading: of a store, of a read-only view, of a snapshot.
///
/// Reads are linearizable: each sees every commit that was acknowledged before it began. They may be made from any task
/// at any time and wait for no writer. A cancelled reader harms nobody.
public protocol StoreReader: Sendable {
    /// Whether calls can succeed: false once closing has begun.
    var isOpen: Bool { get }
    /// Names the store, for people and logs.
    var description: String { get }
    /// How long keys and values may be.
    var limits: StoreLimits { get }

    /// The value of `key`, or nil when it has none. The bytes are a copy that stays valid for ever.
    ///
    /// - Throws: `.invalidKey`, `.closed`, or `.ioFailure` and `.corrupt` from a disk store.
    /// - Complexity: O(log n).
    func get(_ key: Bytes) async throws(StoreError) -> Bytes?

    /// The values of several keys, nil where there is none, in the order of `keys`.
    ///
    /// Each value is current, but a write between two of them is seen by the later ones only.
    ///
    /// - Throws: what reading one key throws.
    func get(_ keys: [Bytes]) async throws(StoreError) -> [Bytes?]

    /// Whether `key` has a value.
    ///
    /// - Throws: what reading the value throws.
    func exists(_ key: Bytes) async throws(StoreError) -> Bool

    /// Calls `body` with the bytes of the value of `key`, without copying them where the engine allows it.
    ///
    /// The span is valid only during the call. `body` runs on the caller's task and should be short: closing the store
    /// waits for it.
    ///
    /// - Returns: what `body` returned, or nil when `key` has no value.
    /// - Throws: what reading the value throws.
    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R?

    /// The entries whose keys lie in `range`, in key order, streamed in pages.
    ///
    /// The sequence shows the store as it was when its first element was asked for, however many writes land meanwhile.
    /// What it holds is freed when it ends, when its iterator goes away, and when its task is cancelled.
    ///
    /// - Parameters:
    ///   - range: which keys.
    ///   - order: `.forward` from the smallest key, `.reverse` from the greatest.
    ///   - limit: the greatest number of entries; nil for no limit.
    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries
}

extension StoreReader {
    /// Calls `body` with the bytes of the value of `key`; what `body` throws is thrown on.
    ///
    /// - Throws: what `body` throws, else `StoreError`.
    @inlinable
    public func withValue<R>(for key: Bytes, _ body: (RawSpan) throws -> R) async throws -> R? {
        let result: Result<R, any Error>? = try await withValue(for: key) { (span: RawSpan) -> Result<R, any Error> in
            Result { try body(span) }
        }
        return try result?.get()
    }

    public func get(_ keys: [Bytes]) async throws(StoreError) -> [Bytes?] {
        var values: [Bytes?] = []
        values.reserveCapacity(keys.count)
        for key in keys { values.append(try await get(key)) }
        return values
    }

    /// All entries, or those in `range`, from the smallest key.
    public func entries(in range: KeyRange = .all) -> Entries {
        entries(in: range, order: .forward, limit: nil)
    }

    /// The entries in `range`, in either order.
    public func entries(in range: KeyRange = .all, order: ScanOrder) -> Entries {
        entries(in: range, order: order, limit: nil)
    }

    /// The first `limit` entries in `range`.
    public func entries(in range: KeyRange = .all, limit: Int) -> Entries {
        entries(in: range, order: .forward, limit: limit)
    }

    /// The entries whose keys begin with `prefix`.
    public func entries(prefix: Bytes, order: ScanOrder = .forward, limit: Int? = nil) -> Entries {
        entries(in: .prefix(prefix), order: order, limit: limit)
    }
}
