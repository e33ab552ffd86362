/// The replacement of one leaf of a tree by another, not applied yet. Most commits of a single key need nothing else.
///
/// If no snapshot can reach the branch above the leaf, one atomic store into the branch publishes the swap. It changes
/// the entries of one leaf at one point in time, and saves copying the path to the root, which is several times as
/// large as the leaf.
struct PendingLeafSwap {
    let branch: MemoryNode
    let index: Int
    let old: MemoryNode
    let leaf: MemoryNode
}
