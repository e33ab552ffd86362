/// A snapshot of a memory store: one version of its tree.
public final class MemorySnapshot: EngineSnapshot {
    private let versions: VersionStore
    private let tree: MemoryTree

    init(_ versions: VersionStore) {
        self.versions = versions
        self.tree = versions.takeSnapshot()
    }

    deinit { versions.release(tree) }

    public func revision(mayBlock: Bool) throws(EngineError) -> Revision { tree.revision }

    public func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        unsafe key.withUnsafeBytes { key in
            unsafe tree.root.find(key).map { $0.leaf.ownedValue(at: $0.index) }
        }
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        guard let found = unsafe key.withUnsafeBytes({ unsafe tree.root.find($0) }) else { return false }
        unsafe body(found.leaf.value(at: found.index).bytes)
        return true
    }

    public func makeCursor(in range: KeyRange, order: ScanOrder) throws(EngineError) -> MemoryCursor {
        MemoryCursor(tree: tree, range: range, order: order)
    }
}
