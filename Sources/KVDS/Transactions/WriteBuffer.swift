/// The writes of a transaction that is not committed yet: what it has set and deleted, for its own eyes.
///
/// For each key the last write counts; the deletion of a range takes the place of all earlier writes in it.
///
///     set b 1, set d 1, delete a..<c, set a 2    is kept as    deleted: a..<c    writes: a = 2, d = 1
///
/// A read asks ``lookup(_:)`` first and the store only where it says `untouched`; a scan of the store is merged with the
/// buffer by ``MergedScan``. ``mutations`` is what is left to commit. The buffer is a value: a copy is O(1), shows one
/// moment, and knows neither stores nor locks.
struct WriteBuffer: Sendable {
    /// What is to become of one key.
    enum Write: Hashable, Sendable {
        case set(Bytes)
        case delete
    }

    /// What the buffer says of a key.
    enum Lookup: Hashable, Sendable {
        case value(Bytes)
        case deleted
        /// Nothing: the store knows.
        case untouched
    }

    // A key in a deleted range has a write only if it was set after the deletion.
    private var writes = SortedKeyMap<Write>()
    private var deleted = DeletedRanges()

    /// How many keys have a write of their own.
    var count: Int { writes.count }
    /// Whether the buffer changes nothing.
    var isEmpty: Bool { writes.isEmpty && deleted.ranges.isEmpty }
    /// Whether it deletes ranges, so that no number says how many entries of a store it hides.
    var deletesRanges: Bool { !deleted.ranges.isEmpty }

    mutating func set(_ key: Bytes, to value: Bytes) { writes.update(key, to: .set(value)) }

    mutating func delete(_ key: Bytes) {
        if deleted.contains(key) { writes.remove(key) } else { writes.update(key, to: .delete) }
    }

    mutating func delete(_ range: KeyRange) {
        writes.removeAll(in: range)
        deleted.insert(range)
    }

    /// What the buffer says of `key`. O(log n).
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

    /// The writes as mutations that do the same in any store: ranges first, then keys, in key order.
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
