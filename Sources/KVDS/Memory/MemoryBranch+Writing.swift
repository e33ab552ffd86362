/// Changes of a branch that only one tree refers to.
extension MemoryBranch {
    func insert(_ child: MemoryNode, after index: Int, separator: Bytes) {
        children.insert(child, at: index + 1)
        separators = .assemble([
            .slots(separators, 0..<index), .entry(key: separator, value: Bytes()),
            .slots(separators, index..<separators.count),
        ])
    }

    /// - Returns: the new right neighbour and its first key, when the branch had too many children.
    func splitIfTooLarge() -> (Bytes, MemoryNode)? {
        guard children.count > MemoryNode.maximumCount else { return nil }
        let middle = children.count / 2
        let separator = separators.key(copiedAt: middle - 1)
        let right = MemoryBranch(
            separators: .assemble([.slots(separators, middle..<separators.count)]), children: Array(children[middle...])
        )
        children.removeSubrange(middle...)
        separators = .assemble([.slots(separators, 0..<(middle - 1))])
        return (separator, .branch(right))
    }

    /// Drops the children in and beside `touched` that a deletion has emptied, and merges those it has left small.
    func tidy(around touched: ClosedRange<Int>) {
        var index = min(touched.upperBound + 1, children.count - 1)
        let last = max(touched.lowerBound - 1, 0)
        // From right to left: what is removed does not move what comes next.
        while index >= last {
            if children[index].isEmpty, children.count > 1 {
                removeChild(at: index)
            } else if index + 1 < children.count, isSmall(index) || isSmall(index + 1) {
                let separator = separators.key(copiedAt: index)
                if let merged = children[index].merged(with: children[index + 1], separator: separator) {
                    children[index] = merged
                    removeChild(at: index + 1)
                }
            }
            index -= 1
        }
    }

    private func isSmall(_ index: Int) -> Bool { children[index].count < MemoryNode.maximumCount / 4 }

    private func removeChild(at index: Int) {
        children.remove(at: index)
        // The first child has no separator; the second then needs none.
        let separator = max(index - 1, 0)
        separators = .assemble([
            .slots(separators, 0..<separator), .slots(separators, (separator + 1)..<separators.count),
        ])
    }
}
