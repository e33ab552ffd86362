import Synchronization

/// The versions of a ``MemoryTree``: the newest, which gets read and commits replace, and those that snapshots hold.
///
/// Versions do not count their references to a node. A node belongs to all versions from the one that made it up to,
/// but not including, the one that replaced it. A replaced node is freed when two conditions hold:
/// 1. Every get that may have begun before the replacement has ended (``ReadEpochs``).
/// 2. No snapshot is held of a version that the node belongs to. Until then the node is in the list of the newest such
///    snapshot. When that snapshot is released, it passes the node to the next older one that the node belongs to.
///
/// Gets take no lock and never wait. Commits and snapshots take one lock, for a few assignments.
///
/// `@unchecked Sendable` is right because only the children of published nodes are written, and these are atomics. It
/// is `@safe` because the address is used here only.
@safe
final class VersionStore: @unchecked Sendable {
    /// The root that gets read. It changes under the lock of `state`, together with the newest tree.
    private let root: Atomic<UnsafeMutableRawPointer>
    private let epochs = ReadEpochs()
    private let state: Monitor<State>
    /// Used only by the one writer, like `unused`.
    private let blocks = MemoryBlocks()
    /// Collects the nodes that a commit frees. It is empty between commits, and keeps its capacity.
    private var unused: [MemoryNode] = []

    fileprivate struct State {
        var newest: MemoryTree
        /// Ordered from the oldest to the newest.
        var snapshots: [Snapshot] = []
        /// The nodes that were replaced since the last switch of the epochs, and those that were replaced before it.
        var young: [Retired] = []
        var old: [Retired] = []
    }

    fileprivate struct Snapshot {
        let version: UInt64
        var holders = 1
        /// Nodes that belong to this version, and to no newer version of which there is a snapshot.
        var nodes: [MemoryNode] = []
    }

    fileprivate struct Retired {
        /// The first version without the node.
        let end: UInt64
        let node: MemoryNode
    }

    init() {
        let tree = MemoryTree(version: 0, in: blocks)
        unsafe root = Atomic(tree.root.address)
        state = Monitor(State(newest: tree))
    }

    deinit {
        // Each snapshot retains this object, so no snapshot is left.
        state.withLock { state in
            for retired in state.young + state.old { retired.node.release() }
            state.newest.root.forEachNode { $0.release() }
        }
    }

    /// Calls `body` with the root of the newest version. It must be short.
    func read<R>(_ body: (MemoryNode) -> R) -> R {
        epochs.read { unsafe body(MemoryNode(address: root.load(ordering: .sequentiallyConsistent))) }
    }

    /// Begins the next version. There is one draft at a time: it must be published or discarded before the next one
    /// begins.
    func makeDraft() -> MemoryDraft { MemoryDraft(after: newest, in: blocks) }

    /// The newest version. Its nodes may be freed at any time.
    var newest: MemoryTree { state.withLock { $0.newest } }

    /// Publishes `draft`, which is based on the newest version. All readers see it from the same point in time on.
    func publish(_ draft: consuming MemoryDraft) {
        state.withLock { state in
            if let exchange = draft.exchange, !state.isInSnapshot(exchange.branch) {
                exchange.branch.setChild(at: exchange.index, to: exchange.leaf)
                state.newest = draft.tree
                state.retire(exchange.old)
            } else {
                draft.applyPendingSwap()
                unsafe root.store(draft.tree.root.address, ordering: .sequentiallyConsistent)
                state.newest = draft.tree
                for node in draft.retired { state.retire(node) }
            }
            state.reclaim(epochs, into: &unused)
        }
        // Outside the lock, because freeing many nodes may take long.
        for node in unused { node.release(into: blocks) }
        unused.removeAll(keepingCapacity: unused.count < 64)
    }

    /// Holds the newest version until ``release(_:)``.
    func takeSnapshot() -> MemoryTree {
        state.withLock { state in
            if state.snapshots.last?.version == state.newest.version {
                state.snapshots[state.snapshots.count - 1].holders += 1
            } else {
                state.snapshots.append(Snapshot(version: state.newest.version))
            }
            return state.newest
        }
    }

    /// Releases a version that ``takeSnapshot()`` returned.
    func release(_ snapshot: MemoryTree) {
        var unused: [MemoryNode] = []
        state.withLock { state in
            state.release(snapshot.version, into: &unused)
            state.reclaim(epochs, into: &unused)
        }
        for node in unused { node.release() }
    }
}

extension VersionStore.State {
    fileprivate mutating func retire(_ node: MemoryNode) {
        young.append(VersionStore.Retired(end: newest.version, node: node))
    }

    /// Whether `node`, which belongs to the newest version, also belongs to a snapshot.
    fileprivate func isInSnapshot(_ node: MemoryNode) -> Bool {
        snapshots.last.map { node.version <= $0.version } ?? false
    }

    /// Adds the nodes that are no longer needed to `unused`.
    fileprivate mutating func reclaim(_ epochs: ReadEpochs, into unused: inout [MemoryNode]) {
        // After two switches, all gets that were in progress have ended.
        for _ in 0..<2 where !(young.isEmpty && old.isEmpty) && epochs.advance() {
            for retired in old where !moveToSnapshot(retired) { unused.append(retired.node) }
            old.removeAll(keepingCapacity: old.count < 64)
            swap(&young, &old)
        }
    }

    /// Removes a holder of a snapshot. Adds the nodes that are no longer needed to `unused`.
    fileprivate mutating func release(_ version: UInt64, into unused: inout [MemoryNode]) {
        guard let index = snapshots.firstIndex(where: { $0.version == version }) else { return }
        snapshots[index].holders -= 1
        if snapshots[index].holders > 0 { return }
        for node in snapshots.remove(at: index).nodes {
            if !moveToSnapshot(VersionStore.Retired(end: version, node: node)) { unused.append(node) }
        }
    }

    /// Adds a node to the list of the newest snapshot that it belongs to.
    ///
    /// - Returns: whether there is such a snapshot.
    private mutating func moveToSnapshot(_ retired: VersionStore.Retired) -> Bool {
        guard let index = snapshots.lastIndex(where: { $0.version < retired.end }),
            retired.node.version <= snapshots[index].version
        else { return false }
        snapshots[index].nodes.append(retired.node)
        return true
    }
}
