/// Conditions, then mutations: the one way in which a store changes.
///
/// A batch takes effect at one instant or not at all. All conditions are judged against the state before the batch;
/// when they hold, the mutations are applied in order, so that of two for one key the later one counts.
///
/// ```swift
/// var batch = WriteBatch()
/// batch.require(.equals("balance:1", "100"))
/// batch.set("balance:1", to: "90")
/// batch.set("balance:2", to: "10")
/// let result = try await store.commit(batch)
/// ```
public struct WriteBatch: Hashable, Sendable {
    /// What must be true of the store for the batch to take effect.
    public enum Condition: Hashable, Sendable {
        /// The key has no value.
        case absent(Bytes)
        /// The key has a value.
        case present(Bytes)
        /// The key has this value.
        case equals(Bytes, Bytes)
        /// The range holds these entries, in key order, and no others.
        case unchanged(KeyRange, [Entry])
    }

    /// A change of the store.
    public enum Mutation: Hashable, Sendable {
        case set(Bytes, Bytes)
        case delete(Bytes)
        case deleteRange(KeyRange)
    }

    /// The conditions, in the order in which they are judged.
    public var conditions: [Condition] = []
    /// The mutations, in the order in which they are applied.
    public var mutations: [Mutation] = []
    /// How safe the commit must be when it is acknowledged; nil for the store's own setting.
    public var durability: Durability?

    /// An empty batch.
    public init(durability: Durability? = nil) { self.durability = durability }

    /// Adds a condition.
    public mutating func require(_ condition: Condition) { conditions.append(condition) }

    /// Gives `key` the value `value`, whether or not it had one.
    public mutating func set(_ key: Bytes, to value: Bytes) { mutations.append(.set(key, value)) }

    /// Removes `key`; a key that is not there is no error.
    public mutating func delete(_ key: Bytes) { mutations.append(.delete(key)) }

    /// Removes every key in `range`.
    public mutating func delete(in range: KeyRange) { mutations.append(.deleteRange(range)) }
}

extension WriteBatch.Condition {
    /// The key the condition is about; nil when it is about a range.
    package var key: Bytes? {
        switch self {
        case .absent(let key), .present(let key), .equals(let key, _): key
        case .unchanged: nil
        }
    }
}

extension WriteBatch {
    /// Whether the batch reads or deletes a range, which can be of any length.
    package var coversRanges: Bool { conditions.contains { $0.key == nil } || deletesRanges }

    /// Whether the batch deletes a range.
    var deletesRanges: Bool { mutations.contains { if case .deleteRange = $0 { true } else { false } } }

    /// About how many bytes the batch brings to an engine: what groups are measured by.
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
