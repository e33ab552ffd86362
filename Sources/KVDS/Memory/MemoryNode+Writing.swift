extension MemoryNode {
    /// Gives `key` a value below this node.
    ///
    /// - Returns: the new right neighbour of this node and its first key, when the node had to be split.
    mutating func set(_ key: Bytes, to value: Bytes, _ change: inout Change) -> (Bytes, MemoryNode)? {
        switch take() {
        case .leaf(let leaf):
            let (index, isFound) = unsafe key.withUnsafeBytes { unsafe leaf.search($0) }
            if isFound {
                change.byteCount += unsafe value.count - leaf.value(at: index).count
            } else {
                change.count += 1
                change.byteCount += key.count + value.count
            }
            let rest = (isFound ? index + 1 : index)..<leaf.count
            let rebuilt = SortedRun.assemble([
                .slots(leaf, 0..<index), .entry(key: key, value: value), .slots(leaf, rest),
            ])
            guard let middle = rebuilt.splitPoint(appendedLast: !isFound && index == leaf.count) else {
                self = .leaf(rebuilt)
                return nil
            }
            self = .leaf(.assemble([.slots(rebuilt, 0..<middle)]))
            let right = SortedRun.assemble([.slots(rebuilt, middle..<rebuilt.count)])
            return (right.firstKey, .leaf(right))
        case .branch(var branch):
            if !isKnownUniquelyReferenced(&branch) { branch = branch.copy() }
            let index = unsafe key.withUnsafeBytes { unsafe branch.childIndex(for: $0) }
            if let (separator, right) = branch.children[index].set(key, to: value, &change) {
                branch.insert(right, after: index, separator: separator)
            }
            let split = branch.splitIfTooLarge()
            self = .branch(branch)
            return split
        }
    }

    /// Removes the keys of `range`, which is not empty, below this node.
    mutating func delete(_ range: KeyRange, _ change: inout Change) {
        switch take() {
        case .leaf(let leaf):
            let doomed = leaf.indices(in: range)
            for index in doomed {
                change.count -= 1
                change.byteCount -= unsafe leaf.key(at: index).count + leaf.value(at: index).count
            }
            self = .leaf(
                doomed.isEmpty
                    ? leaf
                    : .assemble([.slots(leaf, 0..<doomed.lowerBound), .slots(leaf, doomed.upperBound..<leaf.count)]))
        case .branch(var branch):
            if !isKnownUniquelyReferenced(&branch) { branch = branch.copy() }
            let touched = branch.children(touching: range)
            for index in touched { branch.children[index].delete(range, &change) }
            branch.tidy(around: touched)
            self = .branch(branch)
        }
    }

    /// Moves the node out, so that it is not held twice while it is changed.
    private mutating func take() -> MemoryNode {
        var taken = unsafe MemoryNode.leaf(.empty)
        swap(&self, &taken)
        return taken
    }

    /// The node itself, or its only descendant that is not a branch of one.
    var collapsed: MemoryNode {
        if case .branch(let branch) = self, branch.children.count == 1 { return branch.children[0].collapsed }
        return self
    }

    /// Whether nothing is left below the node.
    var isEmpty: Bool {
        switch self {
        case .leaf(let leaf): leaf.count == 0
        case .branch(let branch): branch.children.allSatisfy(\.isEmpty)
        }
    }

    /// How many entries or children the node has.
    var count: Int {
        switch self {
        case .leaf(let leaf): leaf.count
        case .branch(let branch): branch.children.count
        }
    }

    /// The node and its right neighbour as one, if that is not too large.
    func merged(with right: MemoryNode, separator: Bytes) -> MemoryNode? {
        guard count + right.count <= MemoryNode.maximumCount else { return nil }
        switch (self, right) {
        case (.leaf(let left), .leaf(let right)):
            guard left.byteCount + right.byteCount <= MemoryNode.maximumBytes else { return nil }
            return .leaf(.assemble([.slots(left, 0..<left.count), .slots(right, 0..<right.count)]))
        case (.branch(let left), .branch(let right)):
            let separators = SortedRun.assemble([
                .slots(left.separators, 0..<left.separators.count), .entry(key: separator, value: Bytes()),
                .slots(right.separators, 0..<right.separators.count),
            ])
            return .branch(MemoryBranch(separators: separators, children: left.children + right.children))
        default: return nil
        }
    }
}

extension SortedRun {
    var firstKey: Bytes { key(copiedAt: 0) }

    func key(copiedAt index: Int) -> Bytes { unsafe Bytes(copying: key(at: index)) }

    /// Where to split a leaf that is too large; nil when it is not.
    ///
    /// - Parameter appendedLast: the last entry is new: keys arrive in order, and the left part is best left full.
    func splitPoint(appendedLast: Bool) -> Int? {
        let isTooLarge = count > MemoryNode.maximumCount || byteCount > MemoryNode.maximumBytes
        guard isTooLarge, count > 1 else { return nil }
        if appendedLast { return count - 1 }
        let half = (1..<count).first { unsafe Int(slots[$0].offset) * 2 >= byteCount }
        return half ?? count - 1
    }
}
