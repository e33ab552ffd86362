/// A cursor: the rest of a range in a tree. It is valid as long as its snapshot or transaction.
///
/// `@unchecked Sendable` is right because a cursor is used by one thread at a time.
public final class MemoryCursor: EngineCursor, @unchecked Sendable {
    private let tree: MemoryTree
    private var range: KeyRange
    private let order: ScanOrder

    init(tree: MemoryTree, range: KeyRange, order: ScanOrder) {
        self.tree = tree
        self.range = range
        self.order = order
    }

    public func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool {
        let isComplete = tree.scan(range, order, into: &page)
        if !isComplete, let last = page.lastKey { range = range.remainder(after: last, order) }
        return isComplete
    }
}
