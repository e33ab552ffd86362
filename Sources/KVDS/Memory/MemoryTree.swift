/// One version of the ordered index of the memory store: a B+tree of ``MemoryNode``s.
///
/// A change makes a new version, with a new leaf and new branches above it, and shares everything else:
///
///     version 1   root ── a ── leaf 1           version 2   root' ── a' ── leaf 1'
///                   └──── b ── leaf 2                         └───── b ─── leaf 2
///
/// So taking a snapshot is O(1): it keeps a version from being freed or changed. If no snapshot can reach `a`, the
/// change needs no `a'` and no `root'`: leaf 1' replaces leaf 1 in `a` (``PendingLeafSwap``). ``MemoryDraft`` makes new
/// versions, and ``VersionStore`` frees the nodes that no version needs any more.
struct MemoryTree {
    /// Counts the commits.
    var version: UInt64
    var root: MemoryNode
    var count = 0
    /// The total length of all keys and values.
    var byteCount = 0
    var revision = Revision.zero

    /// An empty tree.
    init(version: UInt64, in blocks: MemoryBlocks) {
        self.version = version
        root = MemoryNode(NodeContents(height: 0, []), version: version, in: blocks)
    }

    /// Adds the entries of `range` to `page` until the page is full.
    ///
    /// - Returns: whether all of them were added.
    func scan(_ range: KeyRange, _ order: ScanOrder, into page: inout EntryPage.Builder) -> Bool {
        if range.isEmpty { return true }
        return unsafe range.withUnsafeBounds { unsafe root.scan(from: $0, to: $1, order, into: &page) }
    }
}

extension MemoryNode {
    /// The leaf below this node that holds `key`, and the index of the key there; nil when the key is not in the tree.
    func find(_ key: UnsafeRawBufferPointer) -> (leaf: MemoryNode, index: Int)? {
        var node = self
        while !node.isLeaf { node = unsafe node.childToSearch(for: key).child }
        return unsafe node.index(of: key).map { (node, $0) }
    }

    /// The child that holds `key`, if any does.
    private func childToSearch(for key: UnsafeRawBufferPointer) -> (index: Int, child: MemoryNode) {
        let index = unsafe childIndex(for: key)
        let child = child(at: index)
        // Branches are few and usually in the cache; most leaves are not.
        if height == 1 { child.prefetch(MemoryNode.searchedLength) }
        return (index, child)
    }

    /// The leaf below this node where `key` belongs, and the branch above it with the leaf's index there.
    func leaf(for key: UnsafeRawBufferPointer) -> (branch: MemoryNode?, index: Int, leaf: MemoryNode) {
        var place: (branch: MemoryNode?, index: Int, leaf: MemoryNode) = (nil, 0, self)
        while !place.leaf.isLeaf {
            let next = unsafe place.leaf.childToSearch(for: key)
            place = (place.leaf, next.index, next.child)
        }
        return place
    }

    /// Adds the entries from `lowerBound` up to `upperBound` to `page` until the page is full; nil means no bound.
    ///
    /// - Returns: whether all of them were added.
    func scan(
        from lowerBound: UnsafeRawBufferPointer?, to upperBound: UnsafeRawBufferPointer?, _ order: ScanOrder,
        into page: inout EntryPage.Builder
    ) -> Bool {
        if isLeaf {
            let entries = unsafe entries(from: lowerBound, to: upperBound)
            for step in 0..<entries.count {
                let index = order == .forward ? entries.lowerBound + step : entries.upperBound - 1 - step
                if unsafe !page.append(key: key(at: index), value: value(at: index)) { return false }
            }
            return true
        }
        let touched = unsafe children(from: lowerBound, to: upperBound)
        for step in 0..<touched.count {
            let index = order == .forward ? touched.lowerBound + step : touched.upperBound - step
            if height == 1, step + 1 < touched.count {
                child(at: order == .forward ? index + 1 : index - 1).prefetch(MemoryNode.usualLeafLength)
            }
            // The range covers every child between the first and the last completely.
            let isComplete = unsafe child(at: index).scan(
                from: index == touched.lowerBound ? lowerBound : nil,
                to: index == touched.upperBound ? upperBound : nil, order,
                into: &page)
            if !isComplete { return false }
        }
        return true
    }
}

extension KeyRange {
    /// Calls `body` with the bounds; the upper bound is nil when the range has no end.
    func withUnsafeBounds<R>(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer?) -> R) -> R {
        unsafe lowerBound.withUnsafeBytes { lowerBound in
            guard let upperBound else { return unsafe body(lowerBound, nil) }
            return unsafe upperBound.withUnsafeBytes { unsafe body(lowerBound, $0) }
        }
    }
}
