/// An interval tree: stores key ranges with values, and finds the ranges that overlap another range without visiting
/// the rest.
///
/// It is a treap: a search tree ordered by lower bound, then upper bound, and a heap ordered by a priority. The
/// priority is derived from a counter, so that the tree stays balanced for any keys. Every node stores its
/// `maxUpperBound`, the greatest upper bound in its subtree:
///
///           [d, g)  maxUpperBound z
///          /            \
///     [a, z)  maxUpperBound z   [k, m)  maxUpperBound m
///
/// A search for ranges that overlap `[x, y)` skips the right subtree, whose `maxUpperBound` is not after x, and
/// descends into the left one.
///
/// A slot identifies a range. It stays the same as long as the range is in the tree.
struct IntervalTree<Value> {
    private struct Node {
        var range: KeyRange
        var value: Value?
        /// The greatest upper bound in the subtree; nil when a range in it has no end.
        var maxUpperBound: Bytes?
        var priority: UInt64
        var left: Int?
        var right: Int?
    }

    private var nodes: [Node] = []
    private var free: [Int] = []
    private var root: Int?
    private var drawn: UInt64 = 0

    /// The number of ranges.
    var count: Int { nodes.count - free.count }

    /// The range at a slot.
    func range(_ slot: Int) -> KeyRange { nodes[slot].range }

    /// The value at a slot; nil when the slot is free.
    subscript(slot: Int) -> Value? {
        get { nodes[slot].value }
        _modify { yield &nodes[slot].value }
    }

    /// The slot of exactly this range; nil when the range is not in the tree.
    func slot(of range: KeyRange) -> Int? {
        var at = root
        while let node = at {
            if nodes[node].range == range { return node }
            at = range.sorts(before: nodes[node].range) ? nodes[node].left : nodes[node].right
        }
        return nil
    }

    /// Adds a range that is not in the tree yet.
    ///
    /// - Returns: its slot.
    mutating func insert(_ range: KeyRange, _ value: Value) -> Int {
        drawn &+= 0x9E37_79B9_7F4A_7C15
        let priority = (drawn ^ (drawn >> 31)) &* 0x94D0_49BB_1331_11EB
        let node = Node(
            range: range, value: value, maxUpperBound: range.upperBound, priority: priority ^ (priority >> 29))
        let slot: Int
        if let reused = free.popLast() {
            nodes[reused] = node
            slot = reused
        } else {
            slot = nodes.count
            nodes.append(node)
        }
        root = insert(slot, into: root)
        return slot
    }

    mutating func remove(_ slot: Int) {
        root = remove(slot, from: root)
        nodes[slot].value = nil
        free.append(slot)
    }

    /// The slots whose ranges overlap `range`, in order; none when `range` is empty.
    func slots(meeting range: KeyRange) -> [Int] {
        var found: [Int] = []
        visit(meeting: range) { slot in
            found.append(slot)
            return true
        }
        return found
    }

    /// Calls `body` with the slots whose ranges overlap `range`, in order, until it returns false.
    func visit(meeting range: KeyRange, _ body: (Int) -> Bool) {
        if !range.isEmpty { _ = visit(root, range, body) }
    }

    private func visit(_ at: Int?, _ range: KeyRange, _ body: (Int) -> Bool) -> Bool {
        guard let at, nodes[at].maxUpperBound.map({ range.lowerBound < $0 }) ?? true else { return true }
        guard visit(nodes[at].left, range, body) else { return false }
        guard range.upperBound.map({ nodes[at].range.lowerBound < $0 }) ?? true else { return true }
        if nodes[at].range.upperBound.map({ range.lowerBound < $0 }) ?? true, !body(at) { return false }
        return visit(nodes[at].right, range, body)
    }

    private mutating func insert(_ slot: Int, into tree: Int?) -> Int {
        guard let tree else { return slot }
        if nodes[slot].priority > nodes[tree].priority {
            (nodes[slot].left, nodes[slot].right) = split(tree, before: nodes[slot].range)
            update(slot)
            return slot
        }
        if nodes[slot].range.sorts(before: nodes[tree].range) {
            nodes[tree].left = insert(slot, into: nodes[tree].left)
        } else {
            nodes[tree].right = insert(slot, into: nodes[tree].right)
        }
        update(tree)
        return tree
    }

    private mutating func remove(_ slot: Int, from tree: Int?) -> Int? {
        guard let tree else { return nil }
        if tree == slot { return merge(nodes[tree].left, nodes[tree].right) }
        if nodes[slot].range.sorts(before: nodes[tree].range) {
            nodes[tree].left = remove(slot, from: nodes[tree].left)
        } else {
            nodes[tree].right = remove(slot, from: nodes[tree].right)
        }
        update(tree)
        return tree
    }

    private mutating func split(_ tree: Int?, before range: KeyRange) -> (Int?, Int?) {
        guard let tree else { return (nil, nil) }
        defer { update(tree) }
        if nodes[tree].range.sorts(before: range) {
            let (left, right) = split(nodes[tree].right, before: range)
            nodes[tree].right = left
            return (tree, right)
        }
        let (left, right) = split(nodes[tree].left, before: range)
        nodes[tree].left = right
        return (left, tree)
    }

    private mutating func merge(_ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return left ?? right }
        if nodes[left].priority > nodes[right].priority {
            nodes[left].right = merge(nodes[left].right, right)
            update(left)
            return left
        }
        nodes[right].left = merge(left, nodes[right].left)
        update(right)
        return right
    }

    private mutating func update(_ slot: Int) {
        var maxUpperBound = nodes[slot].range.upperBound
        for child in [nodes[slot].left, nodes[slot].right] {
            guard let child, let end = maxUpperBound else { continue }
            maxUpperBound = nodes[child].maxUpperBound.map { max($0, end) }
        }
        nodes[slot].maxUpperBound = maxUpperBound
    }
}

extension KeyRange {
    /// The order of ranges: by lower bound, then by upper bound.
    fileprivate func sorts(before other: KeyRange) -> Bool {
        if lowerBound != other.lowerBound { return lowerBound < other.lowerBound }
        guard let upperBound else { return false }
        return other.upperBound.map { upperBound < $0 } ?? true
    }
}
