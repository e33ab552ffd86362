/// The next version of a ``MemoryTree``, not published yet.
///
/// It shares all unchanged nodes with the version it is based on. It changes its own nodes in place, because no other
/// thread can see them yet. It collects the nodes of earlier versions that it has replaced, because they may still be
/// read.
struct MemoryDraft {
    private(set) var tree: MemoryTree
    /// The nodes of earlier versions that this version has replaced.
    private(set) var retired: [MemoryNode] = []
    /// The only change so far, if it replaces a single leaf and may need no new root.
    private(set) var exchange: PendingLeafSwap?
    private let blocks: MemoryBlocks

    /// The maximum number of entries in a leaf, or of children in a branch.
    static func maximumCount(_ height: Int) -> Int { height == 0 ? 32 : 64 }
    /// A node is split above this many packed bytes.
    static var maximumBytes: Int { 8 << 10 }

    init(after tree: MemoryTree, in blocks: MemoryBlocks) {
        self.tree = tree
        self.blocks = blocks
        self.tree.version += 1
    }

    var revision: Revision {
        get { tree.revision }
        set { tree.revision = newValue }
    }

    /// Whether nothing has been changed.
    var isUntouched: Bool { exchange == nil && retired.isEmpty }

    mutating func setExchange(_ exchange: PendingLeafSwap?) { self.exchange = exchange }

    func isOwn(_ node: MemoryNode) -> Bool { node.version == tree.version }

    /// Makes a node that belongs to this draft.
    func make(_ parts: NodeContents) -> MemoryNode { MemoryNode(parts, version: tree.version, in: blocks) }

    /// Removes `node` from the draft, but not the nodes below it.
    mutating func discard(_ node: MemoryNode) {
        if isOwn(node) { return node.release(into: blocks) }
        // One `set` replaces the nodes of one path.
        if retired.isEmpty { retired.reserveCapacity(8) }
        retired.append(node)
    }

    /// Puts `child` at `index` of `branch`, or of a copy if `branch` belongs to an earlier version.
    ///
    /// - Returns: the branch that has the child.
    mutating func replaceChild(_ index: Int, of branch: MemoryNode, with child: MemoryNode) -> MemoryNode {
        if branch.child(at: index) == child { return branch }
        var own = branch
        if !isOwn(branch) {
            own = MemoryNode(copying: branch, version: tree.version, in: blocks)
            discard(branch)
        }
        own.setChild(at: index, to: child)
        return own
    }

    mutating func setRoot(_ root: MemoryNode) { tree.root = root }

    mutating func count(entries: Int, bytes: Int) {
        tree.count += entries
        tree.byteCount += bytes
    }

    /// Frees the nodes that the draft has made. It must not be published after that.
    func discardAll() {
        exchange?.leaf.release(into: blocks)
        abandon(tree.root)
    }

    private func abandon(_ node: MemoryNode) {
        // The ancestors of an own node are own nodes too.
        if !isOwn(node) { return }
        if !node.isLeaf { for index in 0..<node.count { abandon(node.child(at: index)) } }
        node.release(into: blocks)
    }
}
