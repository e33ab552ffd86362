/// Pages of one entry, for scans that return entries one at a time.
extension EntryPage {
    /// A page with a copy of `entry`.
    init(_ entry: Entry) {
        let count = EntryPage.headerLength + entry.key.count + entry.value.count
        var builder = Builder(capacity: count)
        _ = builder.append(entry)
        // The first entry always fits, and a builder with an entry has storage.
        self = builder.finish() ?? EntryPage(storage: .allocate(0), bounds: 0..<0, count: 0)
    }
}

extension EntryPage.Iterator {
    /// The next entry, and the part of the page that contains only this entry.
    mutating func nextSlice() -> (entry: Entry, page: EntryPage)? {
        let start = offset
        guard let entry = next() else { return nil }
        return (entry, EntryPage(storage: page.storage, bounds: start..<offset, count: 1))
    }
}
