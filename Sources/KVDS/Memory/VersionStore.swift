import Synchronization

/// The versions of a ``MemoryTree``: the newest, which gets read and commits replace, and those that snapshots hold.
///
/// Nobody counts who uses a node: it belongs to the versions from the one that made it up to the one that replaced it. So
/// it is freed, by whoever notices, once
/// 1. every get has ended that might have begun before it was replaced: ``ReadEpochs`` tells; and
/// 2. no snapshot is held of a version it belongs to. Until then it is on the list of the newest such snapshot, which
///    hands it on to the one before when it goes.
///
/// Gets wait for nobody, and take no lock. Commits and snapshots take one, for the time of some assignments.
///
/// `@unchecked Sendable` is right because of the nodes behind `root` only children are written, as atomics; `@safe` because the address is
/// used here only.
@safe
final class VersionStore: @unchecked Sendable {
    /// What gets read. It changes under the lock of `state`, with its tree.
    private let root: Atomic<UnsafeMutableRawPointer>
    private let epochs = ReadEpochs()
    private let state: Monitor<State>
    /// Used, as is `unused`, by the one writer there is.
    private let blocks = MemoryBlocks()
    /// What the last commit freed; empty, but with room for what the next one frees.
    private var unused: [MemoryNode] = []

    fileprivate struct State {
        var newest: MemoryTree
        /// From the oldest to the newest.
        var snapshots: [Snapshot] = []
        /// What was replaced since the last turn of the epochs, and what before that.
        var young: [Retired] = []
        var old: [Retired] = []
    }

    fileprivate struct Snapshot {
        let version: UInt64
        var holders = 1
        /// Nodes that belong to this version and not to any newer one of which there is a snapshot.
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
        // Snapshots keep this object; so there are none.
        state.withLock { state in
            for retired in state.young + state.old { retired.node.release() }
            state.newest.root.forEachNode { $0.release() }
        }
    }

    /// Calls `body`, short, with the root of the newest version.
    func read<R>(_ body: (MemoryNode) -> R) -> R {
        epochs.read { unsafe body(MemoryNode(address: root.load(ordering: .sequentiallyConsistent))) }
    }

    /// Begins the next version. There is one draft at a time: it is published or abandoned before the next begins.
    func makeDraft() -> MemoryDraft { MemoryDraft(after: newest, in: blocks) }

    /// The newest version; its nodes may go at any time.
    var newest: MemoryTree { state.withLock { $0.newest } }

    /// Makes `draft`, begun after the newest version, the newest one, for everybody at one instant.
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
        // Outside the lock: to free much may take long.
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

    /// Lets go of a version that ``takeSnapshot()`` returned.
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

    /// Whether a snapshot sees `node`, which belongs to the newest version.
    fileprivate func isInSnapshot(_ node: MemoryNode) -> Bool {
        snapshots.last.map { node.version <= $0.version } ?? false
    }

    /// Adds what nobody needs any more to `unused`.
    fileprivate mutating func reclaim(_ epochs: ReadEpochs, into unused: inout [MemoryNode]) {
        // After two turns, all gets have ended that were under way.
        for _ in 0..<2 where !(young.isEmpty && old.isEmpty) && epochs.advance() {
            for retired in old where !moveToSnapshot(retired) { unused.append(retired.node) }
            old.removeAll(keepingCapacity: old.count < 64)
            swap(&young, &old)
        }
    }

    /// Adds what nobody needs any more to `unused`.
    fileprivate mutating func release(_ version: UInt64, into unused: inout [MemoryNode]) {
        guard let index = snapshots.firstIndex(where: { $0.version == version }) else { return }
        snapshots[index].holders -= 1
        if snapshots[index].holders > 0 { return }
        for node in snapshots.remove(at: index).nodes {
            if !moveToSnapshot(VersionStore.Retired(end: version, node: node)) { unused.append(node) }
        }
    }

    /// Gives a node to the newest snapshot of a version it belongs to.
    ///
    /// - Returns: whether there is one.
    private mutating func moveToSnapshot(_ retired: VersionStore.Retired) -> Bool {
        guard let index = snapshots.lastIndex(where: { $0.version < retired.end }),
            retired.node.version <= snapshots[index].version
        else { return false }
        snapshots[index].nodes.append(retired.node)
        return true
    }
}
