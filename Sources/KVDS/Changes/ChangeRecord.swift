/// A commit, as the history keeps it.
///
/// What its batch set and deleted is kept as the batch has it: the writer copies nothing, and each subscriber works out on
/// its own time what that comes to.
struct ChangeRecord: Sendable {
    private enum Content {
        /// Keys that are set and deleted, of which the last counts. No ranges.
        case mutations([WriteBatch.Mutation])
        /// In the order of their keys, each key once.
        case changes([Change], hasPrevious: Bool)
    }

    /// The commit before this one.
    let after: Revision
    let revision: Revision
    /// About how many bytes it keeps in memory.
    let weight: Int
    private let content: Content

    private static var ownWeight: Int { 64 }
    private static var changeWeight: Int { 72 }

    /// A commit that sets and deletes keys, and no ranges.
    init(after: Revision, revision: Revision, mutations: [WriteBatch.Mutation]) {
        self.after = after
        self.revision = revision
        // Slices of a large block would keep it, and the weight would not know.
        let areTrimmed = mutations.allSatisfy { $0.isTrimmed }
        let mutations = areTrimmed ? mutations : mutations.map { $0.trimmed }
        content = .mutations(mutations)
        weight = mutations.reduce(Self.ownWeight) { $0 + $1.keptBytes + Self.changeWeight }
    }

    /// A commit of which it is known what it changed: in the order of the keys, each key once.
    init(after: Revision, revision: Revision, changes: [Change], hasPrevious: Bool) {
        self.after = after
        self.revision = revision
        content = .changes(changes, hasPrevious: hasPrevious)
        weight = changes.reduce(Self.ownWeight) { sum, change in
            sum + change.key.count + (change.value?.count ?? 0) + (change.previous?.count ?? 0) + Self.changeWeight
        }
    }

    /// Takes the place of one that was forgotten.
    static let forgotten = ChangeRecord(after: .zero, revision: .zero, mutations: [])

    /// Whether the changes come with previous values.
    var hasPrevious: Bool {
        if case .changes(_, let hasPrevious) = content { hasPrevious } else { false }
    }

    /// In the order of their keys, each key once.
    var changes: [Change] {
        switch content {
        case .changes(let changes, _): changes
        case .mutations(let mutations): Change.net(mutations.compactMap(Change.init))
        }
    }

    /// Whether a key in `range` may have been changed: a quick answer for the writer, who leaves the exact one to the
    /// subscriber where there is much to look at.
    func mayConcern(_ range: KeyRange) -> Bool {
        switch content {
        case .mutations(let mutations):
            mutations.count > 16 || mutations.contains { $0.key.map(range.contains) ?? true }
        case .changes(let changes, _): !changes.indices(in: range).isEmpty
        }
    }

    /// What a subscriber to `range` is told; nil when it does not concern it.
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

    /// What `changes`, made one after the other, come to: in the order of the keys, each key once. The last value counts,
    /// and the first previous one.
    static func net(_ changes: [Change]) -> [Change] {
        if zip(changes, changes.dropFirst()).allSatisfy({ $0.key < $1.key }) { return changes }
        var net: [Change] = []
        net.reserveCapacity(changes.count)
        // By key, and then in the order in which they were made.
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
    /// Where the keys of `range` are among changes in the order of their keys. O(log n).
    fileprivate func indices(in range: KeyRange) -> Range<Int> {
        let first = index(of: range.lowerBound)
        return first..<Swift.max(first, range.upperBound.map(index(of:)) ?? count)
    }

    /// The index of the first change of `key` or a greater one.
    private func index(of key: Bytes) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension WriteBatch.Mutation {
    /// The key it is about; nil when it is about a range.
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
