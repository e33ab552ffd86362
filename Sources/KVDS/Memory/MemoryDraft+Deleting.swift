extension MemoryDraft {
    mutating func delete(_ key: Bytes) {
        // Deleting a missing key must not copy the path to its leaf.
        applyPendingSwap()
        let isThere = unsafe key.withUnsafeBytes { unsafe tree.root.find($0) != nil }
        if isThere { delete(in: .key(key)) }
    }

    mutating func delete(in range: KeyRange) {
        if range.isEmpty { return }
        applyPendingSwap()
        var root = unsafe range.withUnsafeBounds { unsafe delete(from: $0, to: $1, in: tree.root) }
        while let branch = root, !branch.isLeaf, branch.count == 1 {
            root = branch.child(at: 0)
            discard(branch)
        }
        setRoot(root ?? make(NodeContents(height: 0, [])))
    }

    /// Removes the keys from `lowerBound` up to `upperBound` below `node`; nil means no bound.
    ///
    /// - Returns: the node that replaces `node`; nil when nothing is left of it.
    private mutating func delete(
        from lowerBound: UnsafeRawBufferPointer?, to upperBound: UnsafeRawBufferPointer?, in node: MemoryNode
    ) -> MemoryNode? {
        if unsafe lowerBound == nil && upperBound == nil { return deleteAll(in: node) }
        if node.isLeaf { return unsafe delete(node.entries(from: lowerBound, to: upperBound), of: node) }
        let touched = unsafe node.children(from: lowerBound, to: upperBound)
        var left: [Child] = []
        var isChanged = false
        for index in touched {
            let child = node.child(at: index)
            // The range covers every child between the first and the last completely.
            let rest = unsafe delete(
                from: index == touched.lowerBound ? lowerBound : nil,
                to: index == touched.upperBound ? upperBound : nil,
                in: child)
            if let rest { left.append(Child(keyIndex: index, node: rest)) }
            isChanged = isChanged || rest != child
        }
        if !isChanged { return node }
        if left.count == touched.count, !left.contains(where: { isSmall($0.node) }) {
            return left.reduce(node) { replaceChild($1.keyIndex, of: $0, with: $1.node) }
        }
        return tidy(node, touched, left)
    }

    /// Removes `node` and everything below it.
    private mutating func deleteAll(in node: MemoryNode) -> MemoryNode? {
        node.forEachNode { node in
            if node.isLeaf { count(entries: -node.count, bytes: -node.payload) }
            discard(node)
        }
        return nil
    }

    private mutating func delete(_ doomed: Range<Int>, of leaf: MemoryNode) -> MemoryNode? {
        if doomed.isEmpty { return leaf }
        if doomed.count == leaf.count { return deleteAll(in: leaf) }
        for index in doomed {
            count(entries: -1, bytes: unsafe -(leaf.key(at: index).count + leaf.value(at: index).count))
        }
        defer { discard(leaf) }
        return unsafe make(
            NodeContents(height: 0, [.run(leaf, 0..<doomed.lowerBound), .run(leaf, doomed.upperBound..<leaf.count)]))
    }
}

/// Merges nodes that a deletion left small with their neighbours.
extension MemoryDraft {
    /// A child of a branch, with the index of its key in the branch.
    fileprivate struct Child {
        let keyIndex: Int
        var node: MemoryNode
    }

    private func isSmall(_ node: MemoryNode) -> Bool { node.count < MemoryDraft.maximumCount(node.height) / 4 }

    /// Replaces the children `touched` of `branch` with `left`, and merges small nodes there with their neighbours.
    ///
    /// - Returns: the new branch; nil when no child is left.
    private mutating func tidy(_ branch: MemoryNode, _ touched: ClosedRange<Int>, _ left: [Child]) -> MemoryNode? {
        let lowerBound = max(touched.lowerBound - 1, 0)
        let upperBound = min(touched.upperBound + 2, branch.count)
        func untouched(_ range: Range<Int>) -> [Child] {
            range.map { Child(keyIndex: $0, node: branch.child(at: $0)) }
        }
        var merged: [Child] = []
        for child in untouched(lowerBound..<touched.lowerBound) + left + untouched(touched.upperBound + 1..<upperBound)
        {
            if let last = merged.last, isSmall(last.node) || isSmall(child.node),
                let both = unsafe merge(last.node, child.node, key: branch.key(at: child.keyIndex))
            {
                merged[merged.count - 1].node = both
            } else {
                merged.append(child)
            }
        }
        defer { discard(branch) }
        let parts = unsafe NodeContents(
            height: branch.height,
            [.run(branch, 0..<lowerBound)]
                + merged.map { unsafe .child(key: branch.key(at: $0.keyIndex), $0.node) }
                + [.run(branch, upperBound..<branch.count)])
        return parts.count == 0 ? nil : make(parts)
    }

    /// Merges two neighbours into one node.
    ///
    /// - Parameter key: the key of the right neighbour in its branch.
    /// - Returns: the merged node; nil when it would be too large.
    private mutating func merge(
        _ left: MemoryNode, _ right: MemoryNode, key: UnsafeRawBufferPointer
    ) -> MemoryNode? {
        let parts = unsafe NodeContents(
            height: left.height,
            left.isLeaf
                ? [.run(left, 0..<left.count), .run(right, 0..<right.count)]
                : [.run(left, 0..<left.count), .child(key: key, right.child(at: 0)), .run(right, 1..<right.count)])
        if parts.splitPoint(grewAtEnd: false) != nil { return nil }
        defer {
            discard(left)
            discard(right)
        }
        return make(parts)
    }
}
