/// The engine of the memory store: a B+tree that readers share and a commit replaces.
public final class MemoryEngine: StorageEngine {
    private let tree = StripedValue(MemoryTree())

    public init() {}

    public static var needsThread: Bool { false }

    public var limits: StoreLimits {
        StoreLimits(maximumKeyLength: Int(UInt16.max), maximumValueLength: Int(Int32.max))
    }

    public func get(_ key: Bytes, mayWait: Bool) throws(StoreError) -> Bytes? {
        tree.read { $0.value(of: key) }
    }

    public func read(_ key: Bytes, mayWait: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        // The leaf is retained, so that `body` runs outside the lock.
        let found = tree.read { tree in tree.withEntry(key) { leaf, index in Found(leaf: leaf, index: index) } }
        guard let found else { return false }
        withExtendedLifetime(found.leaf) {
            unsafe body(found.leaf.value(at: found.index).bytes)
        }
        return true
    }

    /// `@unchecked Sendable` is right because leaves never change.
    private struct Found: @unchecked Sendable {
        let leaf: SortedRun
        let index: Int
    }

    public func makeSnapshot() throws(StoreError) -> MemorySnapshot { MemorySnapshot(tree: current) }

    public func beginTransaction(readsOwnWrites: Bool, mayWait: Bool) throws(StoreError) -> MemoryTransaction {
        MemoryTransaction(engine: self)
    }

    public func inspect() throws(StoreError) -> EngineStatistics {
        let tree = current
        return EngineStatistics(entryCount: tree.count, byteCount: tree.byteCount, revision: tree.revision, files: [])
    }

    public func close() throws(StoreError) { publish(MemoryTree()) }

    var current: MemoryTree { tree.read { copy $0 } }

    func publish(_ next: MemoryTree) {
        // Keeps the old tree until no lock is held: to free it may take long.
        let old = current
        tree.replace(with: next)
        withExtendedLifetime(old) {}
    }
}

/// A moment of a memory store: a retained root.
public final class MemorySnapshot: EngineSnapshot {
    private let tree: MemoryTree

    init(tree: MemoryTree) { self.tree = tree }

    public func revision() throws(StoreError) -> Revision { tree.revision }

    public func makeCursor(in range: KeyRange, order: ScanOrder) throws(StoreError) -> MemoryCursor {
        MemoryCursor(tree: tree, range: range, order: order)
    }
}

/// A position in a tree: what is left of the range.
///
/// `@unchecked Sendable` is right because a cursor is used by one thread at a time.
public final class MemoryCursor: EngineCursor, @unchecked Sendable {
    private let tree: MemoryTree
    private var range: KeyRange
    private let order: ScanOrder

    init(tree: MemoryTree, range: KeyRange, order: ScanOrder) {
        self.tree = tree
        self.range = range
        self.order = order
    }

    public func fill(_ page: inout EntryPage.Builder, mayWait: Bool) throws(StoreError) -> Bool {
        let isComplete = tree.scan(range, order, into: &page)
        if !isComplete, let last = page.lastKey { range = range.remainder(after: last, order) }
        return isComplete
    }
}
