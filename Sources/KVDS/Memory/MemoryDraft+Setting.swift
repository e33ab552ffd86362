extension MemoryDraft {
    /// What takes the place of a node in its branch.
    private enum Replacement {
        case one(MemoryNode)
        /// The node had to be split; the separator is above all keys of the left part, and not above those of the right.
        case two(MemoryNode, separator: Bytes, MemoryNode)
    }

    /// Gives `key` a value.
    mutating func set(_ key: Bytes, to value: Bytes) {
        let replacement = unsafe key.withUnsafeBytes { unsafe set($0, to: value, in: tree.root) }
        switch replacement {
        case .one(let root): setRoot(root)
        case .two(let left, let separator, let right):
            setRoot(
                unsafe separator.withUnsafeBytes { separator in
                    // The key of a first child is not looked at.
                    unsafe make(
                        NodeParts(
                            height: left.height + 1, [.child(key: separator, left), .child(key: separator, right)]))
                })
        }
    }

    private mutating func set(_ key: UnsafeRawBufferPointer, to value: Bytes, in node: MemoryNode) -> Replacement {
        if node.isLeaf { return unsafe setInLeaf(key, to: value, node) }
        let index = unsafe node.childIndex(for: key)
        switch unsafe set(key, to: value, in: node.children[index]) {
        case .one(let child): return .one(replaceChild(index, of: node, with: child))
        case .two(let left, let separator, let right):
            return unsafe separator.withUnsafeBytes { separator in
                unsafe replace(
                    node,
                    by: [
                        .run(node, 0..<index), .child(key: node.key(at: index), left), .child(key: separator, right),
                        .run(node, index + 1..<node.count),
                    ], grewAtEnd: index + 1 == node.count)
            }
        }
    }

    private mutating func setInLeaf(
        _ key: UnsafeRawBufferPointer, to value: Bytes, _ leaf: MemoryNode
    ) -> Replacement {
        let index = unsafe leaf.lowerBound(of: key)
        let isFound = unsafe index < leaf.count && compareBytes(leaf.key(at: index), key) == 0
        if isFound {
            count(entries: 0, bytes: unsafe value.count - leaf.value(at: index).count)
        } else {
            count(entries: 1, bytes: key.count + value.count)
        }
        return unsafe withUnsafePointer(to: value) { value in
            unsafe replace(
                leaf,
                by: [
                    .run(leaf, 0..<index), .entry(key: key, value: value),
                    .run(leaf, (isFound ? index + 1 : index)..<leaf.count),
                ], grewAtEnd: !isFound && index == leaf.count)
        }
    }

    /// Puts one node, or two, in the place of `node`.
    private mutating func replace(_ node: MemoryNode, by pieces: [NodeParts.Piece], grewAtEnd: Bool) -> Replacement {
        defer { discard(node) }
        let parts = NodeParts(height: node.height, pieces)
        guard let middle = parts.splitPoint(grewAtEnd: grewAtEnd) else { return .one(make(parts)) }
        let left = make(parts.part(0..<middle))
        let right = make(parts.part(middle..<parts.count))
        return .two(left, separator: separator(left, right), right)
    }

    /// The shortest key that tells two neighbours apart.
    private func separator(_ left: MemoryNode, _ right: MemoryNode) -> Bytes {
        let key = unsafe right.key(at: 0)
        if !left.isLeaf { return unsafe Bytes(copying: key) }
        let length = unsafe commonPrefixLength(left.key(at: left.count - 1), key) + 1
        return unsafe Bytes(copying: UnsafeRawBufferPointer(rebasing: key.prefix(length)))
    }
}
