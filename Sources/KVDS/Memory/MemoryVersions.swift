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
/// `@unchecked Sendable` is right because the nodes behind `root` are not written any more; `@safe` because the address is
/// used here only.
@safe
final class MemoryVersions: @unchecked Sendable {
    /// What gets read. It changes under the lock of `state`, with its tree.
    private let root: Atomic<UnsafeMutableRawPointer>
    private let epochs = ReadEpochs()
    private let state: Monitor<State>
    /// Used by the one draft there is.
    private let blocks = MemoryBlocks()

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
        /// The first version without the nodes.
        let version: UInt64
        var nodes: [MemoryNode]
    }

    init() {
        let tree = MemoryTree(version: 0, in: blocks)
        unsafe root = Atomic(tree.root.address)
        state = Monitor(State(newest: tree))
    }

    deinit {
        // Snapshots keep this object; so there are none.
        state.withLock { state in
            (state.young + state.old).free()
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
    func publish(_ draft: MemoryDraft) {
        let unused = state.withLock { state in
            state.newest = draft.tree
            unsafe root.store(draft.tree.root.address, ordering: .sequentiallyConsistent)
            state.young.append(Retired(version: draft.tree.version, nodes: draft.retired))
            return state.sweep(epochs)
        }
        // Outside the lock: to free much may take long.
        unused.free(into: blocks)
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
        let unused = state.withLock { state in state.release(snapshot.version) + state.sweep(epochs) }
        unused.free()
    }
}

extension MemoryVersions.State {
    /// - Returns: what nobody needs any more.
    fileprivate mutating func sweep(_ epochs: ReadEpochs) -> [MemoryVersions.Retired] {
        var unused: [MemoryVersions.Retired] = []
        // After two turns, all gets have ended that were under way.
        for _ in 0..<2 where !(young.isEmpty && old.isEmpty) && epochs.turn() {
            var ended = old
            old = young
            young = []
            for index in ended.indices { handToSnapshot(&ended[index]) }
            unused = unused.isEmpty ? ended : unused + ended
        }
        return unused
    }

    /// - Returns: what nobody needs any more.
    fileprivate mutating func release(_ version: UInt64) -> [MemoryVersions.Retired] {
        guard let index = snapshots.firstIndex(where: { $0.version == version }) else { return [] }
        snapshots[index].holders -= 1
        if snapshots[index].holders > 0 { return [] }
        var retired = MemoryVersions.Retired(version: version, nodes: snapshots.remove(at: index).nodes)
        handToSnapshot(&retired)
        return [retired]
    }

    /// Gives the nodes to the newest snapshot before their version that they belong to.
    private mutating func handToSnapshot(_ retired: inout MemoryVersions.Retired) {
        guard let index = snapshots.lastIndex(where: { $0.version < retired.version }) else { return }
        let version = snapshots[index].version
        let end = retired.nodes.partition { $0.version <= version }
        snapshots[index].nodes += retired.nodes[end...]
        retired.nodes.removeSubrange(end...)
    }
}

extension [MemoryVersions.Retired] {
    fileprivate func free(into blocks: MemoryBlocks? = nil) {
        for retired in self { for node in retired.nodes { node.release(into: blocks) } }
    }
}
