import KVDS

/// The changes in a range between two snapshots. It runs two scans side by side and holds one entry of each.
struct Difference {
    private var before: Entries.Iterator
    private var after: Entries.Iterator
    private var old: Entry?
    private var new: Entry?
    private var hasBegun = false

    init(from before: any StoreReader, to after: any StoreReader, in range: KeyRange) {
        self.before = before.entries(in: range).makeAsyncIterator()
        self.after = after.entries(in: range).makeAsyncIterator()
    }

    /// The next change, in key order; nil at the end.
    mutating func next() async throws(StoreError) -> Change? {
        if !hasBegun {
            hasBegun = true
            old = try await before.next()
            new = try await after.next()
        }
        while true {
            switch (old, new) {
            case (nil, nil): return nil
            case (let gone?, let next) where next.map({ gone.key < $0.key }) ?? true:
                old = try await before.next()
                return Change(key: gone.key, value: nil, previous: gone.value)
            case (let last, let come?) where last.map({ come.key < $0.key }) ?? true:
                new = try await after.next()
                return Change(key: come.key, value: come.value)
            case (let last?, let come?):
                old = try await before.next()
                new = try await after.next()
                if last.value != come.value {
                    return Change(key: come.key, value: come.value, previous: last.value)
                }
            default: return nil
            }
        }
    }
}
