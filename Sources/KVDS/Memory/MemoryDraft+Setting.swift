extension MemoryDraft {
    /// The replacement of a node in its branch.
    private enum Replacement {
        case one(MemoryNode)
        /// The node was split. The separator is greater than all keys of the left part, and not greater than those of
        /// the right part.
        case two(MemoryNode, separator: Bytes, MemoryNode)
    }

    /// Sets `key` to `value`.
    mutating func set(_ key: Bytes, to value: Bytes) {
        applyPendingSwap()
        unsafe key.withUnsafeBytes { key in
            let place = unsafe tree.root.leaf(for: key)
            let replacement = unsafe leaf(place.leaf, with: key, value)
            if case .one(let leaf) = replacement, let branch = place.branch {
                if isOwn(branch) {
                    _ = replaceChild(place.index, of: branch, with: leaf)
                    return discard(place.leaf)
                }
                if isUntouched {
                    return setExchange(PendingLeafSwap(branch: branch, index: place.index, old: place.leaf, leaf: leaf))
                }
            }
            unsafe put(replacement, whereLeafHas: key)
        }
    }

    /// Applies the pending leaf swap by copying the path to the leaf.
    mutating func applyPendingSwap() {
        guard let exchange else { return }
        setExchange(nil)
        unsafe put(.one(exchange.leaf), whereLeafHas: exchange.leaf.key(at: 0))
    }

    /// Puts `replacement` in the place of the leaf for `key`.
    private mutating func put(_ replacement: Replacement, whereLeafHas key: UnsafeRawBufferPointer) {
        switch unsafe put(replacement, whereLeafHas: key, in: tree.root) {
        case .one(let root): setRoot(root)
        case .two(let left, let separator, let right):
            setRoot(
                unsafe separator.withUnsafeBytes { separator in
                    // The key of a first child is never compared.
                    unsafe make(
                        NodeContents(
                            height: left.height + 1, [.child(key: separator, left), .child(key: separator, right)]))
                })
        }
    }

    private mutating func put(
        _ replacement: Replacement, whereLeafHas key: UnsafeRawBufferPointer, in node: MemoryNode
    ) -> Replacement {
        if node.isLeaf {
            discard(node)
            return replacement
        }
        let index = unsafe node.childIndex(for: key)
        switch unsafe put(replacement, whereLeafHas: key, in: node.child(at: index)) {
        case .one(let child): return .one(replaceChild(index, of: node, with: child))
        case .two(let left, let separator, let right):
            defer { discard(node) }
            return unsafe separator.withUnsafeBytes { separator in
                unsafe split(
                    NodeContents(
                        height: node.height,
                        [
                            .run(node, 0..<index), .child(key: node.key(at: index), left),
                            .child(key: separator, right), .run(node, index + 1..<node.count),
                        ]), grewAtEnd: index + 1 == node.count)
            }
        }
    }

    /// Makes a copy of `leaf` in which `key` has the value `value`.
    private mutating func leaf(
        _ leaf: MemoryNode, with key: UnsafeRawBufferPointer, _ value: Bytes
    ) -> Replacement {
        let index = unsafe leaf.lowerBound(of: key)
        let isFound = unsafe index < leaf.count && compareBytes(leaf.key(at: index), key) == 0
        if isFound {
            count(entries: 0, bytes: unsafe value.count - leaf.value(at: index).count)
        } else {
            count(entries: 1, bytes: key.count + value.count)
        }
        return unsafe withUnsafePointer(to: value) { value in
            unsafe split(
                NodeContents(
                    height: 0,
                    [
                        .run(leaf, 0..<index), .entry(key: key, value: value),
                        .run(leaf, (isFound ? index + 1 : index)..<leaf.count),
                    ]), grewAtEnd: !isFound && index == leaf.count)
        }
    }

    /// Makes one node of `parts`, or two if they are too large for one.
    private func split(_ parts: NodeContents, grewAtEnd: Bool) -> Replacement {
        guard let middle = parts.splitPoint(grewAtEnd: grewAtEnd) else { return .one(make(parts)) }
        let left = make(parts.part(0..<middle))
        let right = make(parts.part(middle..<parts.count))
        return .two(left, separator: separator(left, right), right)
    }

    /// A key that separates two neighbours; between leaves, the shortest one.
    private func separator(_ left: MemoryNode, _ right: MemoryNode) -> Bytes {
        let key = unsafe right.key(at: 0)
        if !left.isLeaf { return unsafe Bytes(copying: key) }
        let length = unsafe commonPrefixLength(left.key(at: left.count - 1), key) + 1
        return unsafe Bytes(copying: UnsafeRawBufferPointer(rebasing: key.prefix(length)))
    }
}
