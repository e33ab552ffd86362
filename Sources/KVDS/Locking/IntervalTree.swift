/// Ranges of keys, each with a value of its own, of which those that meet another range are found without a look at the
/// rest.
///
/// A treap: a search tree by lower bound, then upper bound, and a heap by a priority drawn from a counter, so that it stays
/// balanced whatever the keys are. Every node knows its maxUpperBound, which is how far the ranges below it go:
///
///           [d, g)  maxUpperBound z
///          /            \
///     [a, z)  maxUpperBound z   [k, m)  maxUpperBound m
///
/// A search for what meets `[x, y)` skips the right subtree, whose maxUpperBound ends before x, and descends into the left one.
///
/// A slot is a range's place in the tree; it stays the same for as long as the range is there.
struct IntervalTree<Value> {
    private struct Node {
        var range: KeyRange
        var value: Value?
        /// Where the subtree ends; nil for the end of the store.
        var maxUpperBound: Bytes?
        var priority: UInt64
        var left: Int?
        var right: Int?
    }

    private var nodes: [Node] = []
    private var free: [Int] = []
    private var root: Int?
    private var drawn: UInt64 = 0

    /// How many ranges there are.
    var count: Int { nodes.count - free.count }

    /// The range at a slot.
    func range(_ slot: Int) -> KeyRange { nodes[slot].range }

    /// The value at a slot; nil when the slot is free.
    subscript(slot: Int) -> Value? {
        get { nodes[slot].value }
        _modify { yield &nodes[slot].value }
    }

    /// The slot of just this range.
    func slot(of range: KeyRange) -> Int? {
        var at = root
        while let node = at {
            if nodes[node].range == range { return node }
            at = range.sorts(before: nodes[node].range) ? nodes[node].left : nodes[node].right
        }
        return nil
    }

    /// Adds a range that is not there yet.
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

    /// The slots whose ranges share a key with `range`, in order; none when it is empty.
    func slots(meeting range: KeyRange) -> [Int] {
        var found: [Int] = []
        visit(meeting: range) { slot in
            found.append(slot)
            return true
        }
        return found
    }

    /// Calls `body` with the slots whose ranges share a key with `range`, in order, until it returns false.
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
