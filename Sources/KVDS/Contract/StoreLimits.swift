/// The limits on the length of keys and values.
public struct StoreLimits: Hashable, Sendable {
    /// The maximum length of a key in bytes. The minimum is 1.
    public var maximumKeyLength: Int
    /// The maximum length of a value in bytes. The minimum is 0.
    public var maximumValueLength: Int

    public init(maximumKeyLength: Int, maximumValueLength: Int) {
        self.maximumKeyLength = maximumKeyLength
        self.maximumValueLength = maximumValueLength
    }

    /// - Throws: `.invalidKey` if `key` is empty or too long.
    @inlinable
    public func check(key: Bytes) throws(StoreError) {
        if !accepts(key) { throw wrongKey(key) }
    }

    /// Whether `key` has an allowed length.
    @inlinable
    func accepts(_ key: Bytes) -> Bool { key.count > 0 && key.count <= maximumKeyLength }

    /// - Throws: `.invalidValue` if `value` is too long.
    @inlinable
    public func check(value: Bytes, for key: Bytes) throws(StoreError) {
        if value.count > maximumValueLength { throw wrongValue(value, for: key) }
    }

    /// Checks every key and value of a batch. The bounds of ranges may have any length.
    ///
    /// - Throws: `.invalidKey`, `.invalidValue`.
    public func check(_ batch: WriteBatch) throws(StoreError) {
        for condition in batch.conditions {
            if let key = condition.key { try check(key: key) }
        }
        for mutation in batch.mutations {
            switch mutation {
            case .set(let key, let value):
                try check(key: key)
                try check(value: value, for: key)
            case .delete(let key): try check(key: key)
            case .deleteRange: break
            }
        }
    }

    @usableFromInline
    func wrongKey(_ key: Bytes) -> StoreError {
        StoreError(.invalidKey, "A key has 1 to \(maximumKeyLength) bytes; this one has \(key.count).", key: key)
    }

    @usableFromInline
    func wrongValue(_ value: Bytes, for key: Bytes) -> StoreError {
        StoreError(
            .invalidValue, "A value has at most \(maximumValueLength) bytes; this one has \(value.count).", key: key)
    }
}
