/// The next version of a ``MemoryTree`` while it is being made.
///
/// It shares with the version it began from what it does not change. Nodes of its own, which nobody else can see yet, it
/// changes or replaces as it likes; nodes of earlier versions that it has replaced it lists, for they may still be read.
struct MemoryDraft {
    private(set) var tree: MemoryTree
    /// The nodes of earlier versions that this one has no use for.
    private(set) var retired: [MemoryNode] = []
    /// What it has done so far, if that is so little that there may be no need for a new root.
    private(set) var exchange: PendingLeafSwap?
    private let blocks: MemoryBlocks

    /// A leaf has this many entries at most, a branch this many children.
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

    /// A node of the draft's own.
    func make(_ parts: NodeContents) -> MemoryNode { MemoryNode(parts, version: tree.version, in: blocks) }

    /// Does without `node`, but not without the nodes below it.
    mutating func discard(_ node: MemoryNode) {
        if isOwn(node) { return node.release(into: blocks) }
        // A path is what one set replaces.
        if retired.isEmpty { retired.reserveCapacity(8) }
        retired.append(node)
    }

    /// `branch` with `child` at `index`.
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

    /// Frees what the draft has made; it will not be published.
    func discardAll() {
        exchange?.leaf.release(into: blocks)
        abandon(tree.root)
    }

    private func abandon(_ node: MemoryNode) {
        // Above a node of the draft's own, all are its own.
        if !isOwn(node) { return }
        if !node.isLeaf { for index in 0..<node.count { abandon(node.child(at: index)) } }
        node.release(into: blocks)
    }
}
