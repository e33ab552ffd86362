public import KVDS

/// The expected contents of a store: a sorted array of entries, too simple to be wrong.
public struct OrderedModel: Hashable, Sendable {
    /// The entries in key order.
    public private(set) var entries: [Entry] = []
    /// The number of batches with mutations applied so far.
    public private(set) var revision = Revision.zero

    public init() {}

    /// The value of `key`.
    public subscript(key: Bytes) -> Bytes? {
        let index = index(of: key)
        return index < entries.count && entries[index].key == key ? entries[index].value : nil
    }

    /// Returns the entries in `range`, like a scan.
    public func entries(in range: KeyRange, order: ScanOrder = .forward, limit: Int? = nil) -> [Entry] {
        let found = entries[indices(of: range)]
        let ordered = order == .forward ? Array(found) : found.reversed()
        return Array(ordered.prefix(limit ?? .max))
    }

    /// Applies `batch` if its conditions hold.
    ///
    /// - Returns: the index of the first condition that does not hold, in which case nothing changes; nil if all hold.
    public mutating func apply(_ batch: WriteBatch) -> Int? {
        var changes: [Bytes: Change] = [:]
        return apply(batch, &changes)
    }

    /// Applies `batch` if its conditions hold, and adds its changes to `changes`.
    mutating func apply(_ batch: WriteBatch, _ changes: inout [Bytes: Change]) -> Int? {
        if let failed = batch.conditions.firstIndex(where: { !holds($0) }) { return failed }
        for mutation in batch.mutations {
            note(mutation, &changes)
            apply(mutation)
        }
        if !batch.mutations.isEmpty { revision = Revision(rawValue: revision.rawValue + 1) }
        return nil
    }

    /// Records a change. Of several changes of one key, the first previous value and the last value count.
    private func note(_ mutation: WriteBatch.Mutation, _ changes: inout [Bytes: Change]) {
        switch mutation {
        case .set(let key, let value):
            changes[key, default: Change(key: key, value: nil, previous: self[key])].value = value
        case .delete(let key):
            changes[key, default: Change(key: key, value: nil, previous: self[key])].value = nil
        case .deleteRange(let range):
            for entry in entries(in: range) {
                changes[entry.key, default: Change(key: entry.key, value: nil, previous: entry.value)].value = nil
            }
        }
    }

    private func holds(_ condition: WriteBatch.Condition) -> Bool {
        switch condition {
        case .absent(let key): self[key] == nil
        case .present(let key): self[key] != nil
        case .equals(let key, let value): self[key] == value
        case .unchanged(let range, let expected): entries(in: range) == expected
        }
    }

    private mutating func apply(_ mutation: WriteBatch.Mutation) {
        switch mutation {
        case .set(let key, let value):
            let index = index(of: key)
            if index < entries.count && entries[index].key == key {
                entries[index].value = value
            } else {
                entries.insert(Entry(key: key, value: value), at: index)
            }
        case .delete(let key):
            let index = index(of: key)
            if index < entries.count && entries[index].key == key { entries.remove(at: index) }
        case .deleteRange(let range): entries.removeSubrange(indices(of: range))
        }
    }

    private func indices(of range: KeyRange) -> Range<Int> {
        let lowerBound = index(of: range.lowerBound)
        return lowerBound..<max(lowerBound, range.upperBound.map(index(of:)) ?? entries.count)
    }

    /// Returns the index of the first key that is not less than `key`.
    private func index(of key: Bytes) -> Int {
        entries.partitioningIndex { $0.key >= key }
    }
}
