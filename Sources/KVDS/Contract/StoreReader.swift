/// Reads the entries of a store, a snapshot or a transaction.
///
/// Reads of a store are linearizable: a read sees every commit that was acknowledged before the read began. Any task
/// may read at any time. Reads do not wait for writers, except in a ``LockingTransaction``. Cancelling a read affects
/// no other task.
public protocol StoreReader: Sendable, CustomStringConvertible {
    /// Whether calls can succeed; false when closing has begun.
    var isOpen: Bool { get }
    /// A name for the store, for people and logs.
    var description: String { get }
    /// The limits on the length of keys and values.
    var limits: StoreLimits { get }

    /// The value of `key`, or nil if it has none. The bytes are an owned copy.
    ///
    /// - Throws: `.invalidKey`; `.closed`; from a disk store also `.ioFailure`, `.corrupt`.
    /// - Complexity: O(log n) in the number of entries.
    func get(_ key: Bytes) async throws(StoreError) -> Bytes?

    /// The values of several keys, in the order of `keys`; nil for each key without a value.
    ///
    /// The keys are read one after the other. Each value is current, so a write between two of these reads is visible
    /// only to the later ones. To read several keys at one point in time, use a snapshot.
    ///
    /// - Throws: the errors of reading one key.
    func get(_ keys: [Bytes]) async throws(StoreError) -> [Bytes?]

    /// Whether `key` has a value.
    ///
    /// - Throws: the errors of reading the value.
    func exists(_ key: Bytes) async throws(StoreError) -> Bool

    /// Calls `body` with the value of `key`, without a copy if the engine allows it.
    ///
    /// The span is valid only during the call. `body` runs in the caller's task. It should be short, because closing
    /// the store waits for it.
    ///
    /// - Returns: the result of `body`, or nil if `key` has no value.
    /// - Throws: the errors of reading the value.
    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R?

    /// The entries whose keys lie in `range`, in key order, streamed in pages.
    ///
    /// Each iteration shows a snapshot of the store, taken when its first element is requested. Later writes are not
    /// visible in it. It releases its resources when it ends, its iterator is released, or its task is cancelled.
    ///
    /// - Parameters:
    ///   - range: the keys to return.
    ///   - order: `.forward` from the smallest key, `.reverse` from the greatest.
    ///   - limit: the maximum number of entries, 0 or more; nil for no limit. With a negative limit the iteration
    ///     throws `.invalidArgument`.
    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries
}

extension StoreReader {
    /// Calls `body` with the value of `key`, and throws the errors of `body`. The span is valid only during the call.
    ///
    /// - Returns: the result of `body`, or nil if `key` has no value.
    /// - Throws: the errors of `body`; the errors of reading the value.
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

    /// The entries in `range`, from the smallest key.
    public func entries(in range: KeyRange = .all) -> Entries {
        entries(in: range, order: .forward, limit: nil)
    }

    /// The entries in `range`, in the given order.
    public func entries(in range: KeyRange = .all, order: ScanOrder) -> Entries {
        entries(in: range, order: order, limit: nil)
    }

    /// The first `limit` entries in `range`, from the smallest key.
    public func entries(in range: KeyRange = .all, limit: Int) -> Entries {
        entries(in: range, order: .forward, limit: limit)
    }

    /// The entries whose keys begin with `prefix`.
    public func entries(prefix: Bytes, order: ScanOrder = .forward, limit: Int? = nil) -> Entries {
        entries(in: .prefix(prefix), order: order, limit: limit)
    }
}
