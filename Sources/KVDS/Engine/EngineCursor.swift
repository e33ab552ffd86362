/// A position in a range of entries. One thread at a time uses it, but not always the same one.
public protocol EngineCursor: AnyObject, Sendable {
    /// Adds the next entries to `page`, until the page is full or the range ends.
    ///
    /// It may also stop earlier, after at least one entry.
    ///
    /// - Parameters:
    ///   - page: the page to fill. It is empty at first.
    ///   - mayBlock: whether the call may wait for a disk.
    /// - Returns: whether the range has no more entries.
    /// - Throws: `.wouldBlock` if the call must not wait but would have to. It is then repeated with an empty page and
    ///   `mayBlock` true. `.mapFull` as ``StorageEngine/get(_:mayBlock:)``.
    func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool
}

extension EngineCursor {
    /// Calls `body` with the remaining pages, until it returns false. May wait for a disk.
    package func forEachPage(_ body: (EntryPage) throws(EngineError) -> Bool) throws(EngineError) {
        var hasEnded = false
        while !hasEnded {
            var builder = EntryPage.Builder(capacity: 1 << 16)
            hasEnded = try fill(&builder, mayBlock: true)
            if let page = builder.finish(), try !body(page) { return }
        }
    }
}
