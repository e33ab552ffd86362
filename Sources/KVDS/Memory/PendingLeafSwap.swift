/// A leaf of a tree, and another that is to take its place: what a commit of one key mostly comes down to.
///
/// Where no snapshot sees the branch above, that is published by one store into it. It changes what is found for the keys
/// of one leaf, at one instant, and saves copying the path to the root, which is several times as large as the leaf.
struct PendingLeafSwap {
    let branch: MemoryNode
    let index: Int
    let old: MemoryNode
    let leaf: MemoryNode
}
