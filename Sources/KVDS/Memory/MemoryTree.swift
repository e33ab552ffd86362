/// The ordered index of the memory store: a B+tree that is copied where it is shared and changed where it is not.
///
/// A copy of the tree is a snapshot: it retains the root, O(1). A change rebuilds one leaf, and copies the branches above
/// it as long as a snapshot, or the store's readers, share them:
///
///     before     root ── a ── leaf 1            after     root' ── a' ── leaf 1'
///                   └─── b ── leaf 2                         └──── b ──── leaf 2
///
/// Leaves are immutable and exactly as large as their entries, so that a million small entries cost little more than
/// their bytes.
struct MemoryTree: @unchecked Sendable {
    // `@unchecked Sendable`: leaves never change, and a branch changes only while one tree alone refers to it.

    private(set) var root = unsafe MemoryNode.leaf(.empty)
    private(set) var count = 0
    /// The lengths of all keys and values.
    private(set) var byteCount = 0
    var revision = Revision.zero

    /// Calls `body` with the leaf and the index of `key`, if it is there.
    func withEntry<R>(_ key: Bytes, _ body: (SortedRun, Int) -> R) -> R? {
        unsafe key.withUnsafeBytes { unsafe root.find($0, body) }
    }

    /// The value of `key`: a copy, or, where that would take long, what the tree itself holds.
    func value(of key: Bytes) -> Bytes? {
        withEntry(key) { leaf, index in unsafe leaf.largeValue(at: index) ?? Bytes(copying: leaf.value(at: index)) }
    }

    mutating func set(_ key: Bytes, to value: Bytes) {
        var change = MemoryNode.Change()
        if let (separator, right) = root.set(key, to: value, &change) {
            root = .branch(MemoryBranch(separators: [separator], children: [root, right]))
        }
        apply(change)
    }

    mutating func delete(_ key: Bytes) {
        // A key that is not there must not copy the path to it.
        if withEntry(key, { _, _ in true }) != nil { delete(.only(key)) }
    }

    mutating func delete(_ range: KeyRange) {
        if range.isEmpty { return }
        var change = MemoryNode.Change()
        root.delete(range, &change)
        root = root.collapsed
        apply(change)
    }

    /// Adds the entries of `range` to `page` until it takes no more.
    ///
    /// - Returns: whether all of them were added.
    func scan(_ range: KeyRange, _ order: ScanOrder, into page: inout EntryPage.Builder) -> Bool {
        range.isEmpty || root.scan(range, order, into: &page)
    }

    private mutating func apply(_ change: MemoryNode.Change) {
        count += change.count
        byteCount += change.byteCount
    }
}

/// A node of a ``MemoryTree``.
enum MemoryNode {
    case leaf(SortedRun)
    case branch(MemoryBranch)

    /// What a call did to the tree's totals.
    struct Change {
        var count = 0
        var byteCount = 0
    }

    /// A leaf has this many entries, a branch this many children, at most.
    static var maximumCount: Int { 64 }
    /// A leaf is split above this many packed bytes.
    static var maximumBytes: Int { 16 << 10 }
}

/// The inner node of a ``MemoryTree``: child `i + 1` holds the keys from separator `i` on.
final class MemoryBranch {
    var separators: SortedRun
    var children: [MemoryNode]

    init(separators: SortedRun, children: [MemoryNode]) {
        self.separators = separators
        self.children = children
    }

    convenience init(separators: [Bytes], children: [MemoryNode]) {
        self.init(separators: .assemble(separators.map { .entry(key: $0, value: Bytes()) }), children: children)
    }

    func copy() -> MemoryBranch { MemoryBranch(separators: separators, children: children) }

    /// The index of the child that holds `key`, if any does.
    func childIndex(for key: UnsafeRawBufferPointer) -> Int {
        let (index, isFound) = unsafe separators.search(key)
        return isFound ? index + 1 : index
    }
}
