extension MemoryNode {
    /// Calls `body` with the leaf and the index of `key`, if it is there.
    func find<R>(_ key: UnsafeRawBufferPointer, _ body: (SortedRun, Int) -> R) -> R? {
        switch self {
        case .branch(let branch):
            return unsafe branch.children[branch.childIndex(for: key)].find(key, body)
        case .leaf(let leaf):
            let (index, isFound) = unsafe leaf.search(key)
            return isFound ? body(leaf, index) : nil
        }
    }

    /// Adds the entries of `range` to `page` until it takes no more.
    ///
    /// - Returns: whether all of them were added.
    func scan(_ range: KeyRange, _ order: ScanOrder, into page: inout EntryPage.Builder) -> Bool {
        switch self {
        case .branch(let branch):
            let children = branch.children(touching: range)
            for step in 0..<children.count {
                let index = order == .forward ? children.lowerBound + step : children.upperBound - step
                if !branch.children[index].scan(range, order, into: &page) { return false }
            }
        case .leaf(let leaf):
            let entries = leaf.indices(in: range)
            for step in 0..<entries.count {
                let index = order == .forward ? entries.lowerBound + step : entries.upperBound - 1 - step
                if unsafe !page.append(key: leaf.key(at: index), value: leaf.value(at: index)) { return false }
            }
        }
        return true
    }
}

extension SortedRun {
    /// The indices of the keys in `range`, which is not empty.
    func indices(in range: KeyRange) -> Range<Int> {
        let lower = unsafe range.lower.withUnsafeBytes { unsafe search($0).index }
        let upper = unsafe range.upper?.withUnsafeBytes { unsafe search($0).index } ?? count
        return lower..<upper
    }
}

extension MemoryBranch {
    /// The indices of the children that can hold keys of `range`, which is not empty.
    func children(touching range: KeyRange) -> ClosedRange<Int> {
        let lower = unsafe range.lower.withUnsafeBytes { unsafe childIndex(for: $0) }
        // The child whose first key would be `upper` holds nothing below it.
        let upper = unsafe range.upper?.withUnsafeBytes { unsafe separators.search($0).index } ?? children.count - 1
        return lower...upper
    }
}
