/// A commit in the change log.
///
/// The mutations are kept as in the batch: the writer copies nothing, and each subscriber derives the net changes on
/// its own time.
struct ChangeRecord: Sendable {
    private enum Content {
        /// Keys that are set and deleted. For each key the last mutation counts. No ranges.
        case mutations([WriteBatch.Mutation])
        /// Net changes in key order, each key once.
        case changes([Change], hasPrevious: Bool)
    }

    /// The commit before this one.
    let after: Revision
    let revision: Revision
    /// The approximate number of bytes that the record keeps in memory.
    let weight: Int
    private let content: Content

    private static var ownWeight: Int { 64 }
    private static var changeWeight: Int { 72 }

    /// A commit that sets and deletes keys, and no ranges.
    init(after: Revision, revision: Revision, mutations: [WriteBatch.Mutation]) {
        self.after = after
        self.revision = revision
        // A slice would keep its whole block in memory, which the weight does not include.
        let areTrimmed = mutations.allSatisfy { $0.isTrimmed }
        let mutations = areTrimmed ? mutations : mutations.map { $0.trimmed }
        content = .mutations(mutations)
        weight = mutations.reduce(Self.ownWeight) { $0 + $1.keptBytes + Self.changeWeight }
    }

    /// A commit with known net changes: in key order, each key once.
    init(after: Revision, revision: Revision, changes: [Change], hasPrevious: Bool) {
        self.after = after
        self.revision = revision
        content = .changes(changes, hasPrevious: hasPrevious)
        weight = changes.reduce(Self.ownWeight) { sum, change in
            sum + change.key.count + (change.value?.count ?? 0) + (change.previous?.count ?? 0) + Self.changeWeight
        }
    }

    /// Takes the place of a discarded record.
    static let forgotten = ChangeRecord(after: .zero, revision: .zero, mutations: [])

    /// Whether the changes come with previous values.
    var hasPrevious: Bool {
        if case .changes(_, let hasPrevious) = content { hasPrevious } else { false }
    }

    /// The net changes in key order, each key once.
    var changes: [Change] {
        switch content {
        case .changes(let changes, _): changes
        case .mutations(let mutations): Change.net(mutations.compactMap(Change.init))
        }
    }

    /// Whether a key in `range` may have changed: a quick answer for the writer. For a batch of more than 16 mutations
    /// it is always true, and the subscriber determines the exact answer.
    func mayConcern(_ range: KeyRange) -> Bool {
        switch content {
        case .mutations(let mutations):
            mutations.count > 16 || mutations.contains { $0.key.map(range.contains) ?? true }
        case .changes(let changes, _): !changes.indices(in: range).isEmpty
        }
    }

    /// The event that a subscriber to `range` receives; nil if the commit does not concern it.
    func event(in range: KeyRange, previousValues: Bool) -> ChangeEvent? {
        var inside = changes
        if range != .all {
            let indices = inside.indices(in: range)
            if indices.isEmpty { return nil }
            if indices.count < inside.count { inside = Array(inside[indices]) }
        }
        if hasPrevious, !previousValues {
            for index in inside.indices { inside[index].previous = nil }
        }
        return .commit(revision, inside)
    }
}

extension Change {
    /// Nil for the deletion of a range.
    init?(_ mutation: WriteBatch.Mutation) {
        switch mutation {
        case .set(let key, let value): self.init(key: key, value: value)
        case .delete(let key): self.init(key: key, value: nil)
        case .deleteRange: return nil
        }
    }

    /// The net effect of `changes`, made one after the other: in key order, each key once. For each key the last value
    /// and the first previous value count.
    static func net(_ changes: [Change]) -> [Change] {
        if zip(changes, changes.dropFirst()).allSatisfy({ $0.key < $1.key }) { return changes }
        var net: [Change] = []
        net.reserveCapacity(changes.count)
        // Sorted by key, then in the order in which they were made.
        let sorted = changes.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
        for (_, change) in sorted {
            if let last = net.last, last.key == change.key {
                net[net.count - 1].value = change.value
            } else {
                net.append(change)
            }
        }
        return net
    }
}

extension [Change] {
    /// The indices of the changes in `range`, in an array in key order. O(log n).
    fileprivate func indices(in range: KeyRange) -> Range<Int> {
        let first = index(of: range.lowerBound)
        return first..<Swift.max(first, range.upperBound.map(index(of:)) ?? count)
    }

    /// The index of the first change of `key` or a greater one.
    private func index(of key: Bytes) -> Int {
        partitioningIndex { $0.key >= key }
    }
}

extension WriteBatch.Mutation {
    /// The key of the mutation; nil if it has a range.
    fileprivate var key: Bytes? {
        switch self {
        case .set(let key, _), .delete(let key): key
        case .deleteRange: nil
        }
    }

    fileprivate var isTrimmed: Bool {
        switch self {
        case .set(let key, let value): key.isTrimmed && value.isTrimmed
        case .delete(let key): key.isTrimmed
        case .deleteRange: true
        }
    }

    fileprivate var trimmed: WriteBatch.Mutation {
        switch self {
        case .set(let key, let value): .set(key.trimmed(), value.trimmed())
        case .delete(let key): .delete(key.trimmed())
        case .deleteRange: self
        }
    }

    fileprivate var keptBytes: Int {
        switch self {
        case .set(let key, let value): key.count + value.count
        case .delete(let key): key.count
        case .deleteRange: 0
        }
    }
}
