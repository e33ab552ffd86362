/// The engine of the memory store: a B+tree with versions. Gets read the newest version, and a commit publishes the
/// next one.
public final class MemoryEngine: StorageEngine {
    let versions = VersionStore()

    public init() {}

    public static var needsThread: Bool { false }

    public var limits: StoreLimits {
        StoreLimits(maximumKeyLength: Int(UInt16.max), maximumValueLength: Int(Int32.max))
    }

    public func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        unsafe key.withUnsafeBytes { key in
            versions.read { root in unsafe root.find(key).map { $0.leaf.ownedValue(at: $0.index) } }
        }
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        let found = unsafe key.withUnsafeBytes { key in
            versions.read { root in
                let found = unsafe root.find(key)
                // Retains the leaf, so that `body` runs after the read: reads must be short.
                found?.leaf.retain()
                return found
            }
        }
        guard let found else { return false }
        defer { found.leaf.release() }
        unsafe body(found.leaf.value(at: found.index).bytes)
        return true
    }

    public func makeSnapshot() throws(EngineError) -> MemorySnapshot { MemorySnapshot(versions) }

    public func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> MemoryTransaction {
        MemoryTransaction(engine: self)
    }

    public func inspect() throws(EngineError) -> EngineStatistics {
        let tree = versions.newest
        return EngineStatistics(entryCount: tree.count, byteCount: tree.byteCount, revision: tree.revision, files: [])
    }

    public func close() throws(StoreError) {
        var draft = versions.makeDraft()
        draft.delete(in: .all)
        versions.publish(draft)
    }
}
