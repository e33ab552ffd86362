/// The uncommitted writes of a transaction, visible only to that transaction.
///
/// The last write of each key counts. The deletion of a range replaces all earlier writes in it.
///
///     set b 1, set d 1, delete a..<c, set a 2    is kept as    deleted: a..<c    writes: a = 2, d = 1
///
/// A read calls ``lookup(_:)`` first, and reads the store only if that returns `untouched`. ``MergedScan`` merges a
/// scan of the store with the buffer. ``mutations`` are the writes to commit. The buffer is a value: a copy is O(1) and
/// does not change with the original. It uses no stores and no locks.
struct WriteBuffer: Sendable {
    /// The write of one key.
    enum Write: Hashable, Sendable {
        case set(Bytes)
        case delete
    }

    /// What the buffer contains for a key.
    enum Lookup: Hashable, Sendable {
        case value(Bytes)
        case deleted
        /// Nothing: the store has the answer.
        case untouched
    }

    // A key in a deleted range has a write only if it was set after the deletion.
    private var writes = SortedKeyMap<Write>()
    private var deleted = DeletedRanges()

    /// How many keys have a write of their own.
    var count: Int { writes.count }
    /// Whether the buffer changes nothing.
    var isEmpty: Bool { writes.isEmpty && deleted.ranges.isEmpty }
    /// Whether it deletes ranges, so that the number of store entries that it hides is unknown.
    var deletesRanges: Bool { !deleted.ranges.isEmpty }

    mutating func set(_ key: Bytes, to value: Bytes) { writes.update(key, to: .set(value)) }

    mutating func delete(_ key: Bytes) {
        if deleted.contains(key) { writes.remove(key) } else { writes.update(key, to: .delete) }
    }

    mutating func delete(in range: KeyRange) {
        writes.removeAll(in: range)
        deleted.insert(range)
    }

    /// What the buffer contains for `key`. O(log n).
    func lookup(_ key: Bytes) -> Lookup {
        switch writes[key] {
        case .set(let value): .value(value)
        case .delete: .deleted
        case nil: deleted.contains(key) ? .deleted : .untouched
        }
    }

    /// The first entry, in `order`, that the buffer sets in `range`.
    func firstEntry(in range: KeyRange, order: ScanOrder) -> Entry? {
        var rest = range
        while !rest.isEmpty, let element = order == .forward ? writes.first(in: rest) : writes.last(in: rest) {
            if case .set(let value) = element.value { return Entry(key: element.key, value: value) }
            rest = rest.remainder(after: element.key, order)
        }
        return nil
    }

    /// The writes as mutations that have the same effect on any store: ranges first, then keys, in key order.
    var mutations: [WriteBatch.Mutation] {
        var all = deleted.ranges.map(WriteBatch.Mutation.deleteRange)
        all.reserveCapacity(all.count + writes.count)
        for element in writes.elements {
            switch element.value {
            case .set(let value): all.append(.set(element.key, value))
            case .delete: all.append(.delete(element.key))
            }
        }
        return all
    }
}
