/// The conditions and mutations that one commit checks and makes together.
///
/// A batch takes effect at one point in time, or not at all. All conditions are checked against the state before the
/// batch. If they hold, the mutations are applied in order: for each key the last one counts.
///
/// ```swift
/// var batch = WriteBatch()
/// batch.require(.equals("balance:1", "100"))
/// batch.set("balance:1", to: "90")
/// batch.set("balance:2", to: "10")
/// let result = try await store.commit(batch)
/// ```
public struct WriteBatch: Hashable, Sendable {
    /// A condition that must hold for the batch to take effect.
    public enum Condition: Hashable, Sendable {
        /// The key has no value.
        case absent(Bytes)
        /// The key has a value.
        case present(Bytes)
        /// The key has this value.
        case equals(Bytes, Bytes)
        /// The range contains exactly these entries, which must be in key order.
        case unchanged(KeyRange, [Entry])
    }

    /// A change of one key, or the deletion of a range.
    public enum Mutation: Hashable, Sendable {
        case set(Bytes, Bytes)
        case delete(Bytes)
        case deleteRange(KeyRange)
    }

    /// The conditions, in the order in which they are checked.
    public var conditions: [Condition] = []
    /// The mutations, in the order in which they are applied.
    public var mutations: [Mutation] = []
    /// The durability of the commit when it is acknowledged; nil for that of the store's configuration.
    public var durability: Durability?

    /// An empty batch.
    public init(durability: Durability? = nil) { self.durability = durability }

    /// Adds a condition.
    public mutating func require(_ condition: Condition) { conditions.append(condition) }

    /// Sets `key` to `value`, whether or not it has a value.
    public mutating func set(_ key: Bytes, to value: Bytes) { mutations.append(.set(key, value)) }

    /// Deletes `key`. It is not an error if the key has no value.
    public mutating func delete(_ key: Bytes) { mutations.append(.delete(key)) }

    /// Deletes all keys in `range`.
    public mutating func delete(in range: KeyRange) { mutations.append(.deleteRange(range)) }
}

extension WriteBatch.Condition {
    /// The key has this value; for nil, it has none.
    package static func value(of key: Bytes, is value: Bytes?) -> Self {
        value.map { .equals(key, $0) } ?? .absent(key)
    }

    /// The key of the condition; nil if it has a range.
    package var key: Bytes? {
        switch self {
        case .absent(let key), .present(let key), .equals(let key, _): key
        case .unchanged: nil
        }
    }
}

extension WriteBatch {
    /// Whether the batch reads or deletes a range, which can contain any number of entries.
    package var coversRanges: Bool { conditions.contains { $0.key == nil } || deletesRanges }

    /// Whether the batch deletes a range.
    var deletesRanges: Bool { mutations.contains { if case .deleteRange = $0 { true } else { false } } }

    /// The approximate size of the batch in bytes, which limits commit groups.
    package var weight: Int {
        mutations.reduce(conditions.count * 16) { sum, mutation in
            switch mutation {
            case .set(let key, let value): sum + key.count + value.count + 16
            case .delete(let key): sum + key.count + 16
            case .deleteRange: sum + 64
            }
        }
    }
}
