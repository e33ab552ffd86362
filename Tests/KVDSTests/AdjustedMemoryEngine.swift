import KVDS

/// A memory engine that is something else in one respect: it has small limits, or other processes write to it too.
final class AdjustedMemoryEngine: StorageEngine {
    private let base: MemoryEngine
    let limits: StoreLimits
    let isShared: Bool

    init(limits: StoreLimits? = nil, isShared: Bool = false) {
        let base = MemoryEngine()
        self.base = base
        self.limits = limits ?? base.limits
        self.isShared = isShared
    }

    func get(_ key: Bytes, mayWait: Bool) throws(StoreError) -> Bytes? { try base.get(key, mayWait: mayWait) }

    func read(_ key: Bytes, mayWait: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try base.read(key, mayWait: mayWait, body)
    }

    func makeSnapshot() throws(StoreError) -> MemorySnapshot { try base.makeSnapshot() }

    func beginTransaction(readsOwnWrites: Bool, mayWait: Bool) throws(StoreError) -> MemoryTransaction {
        try base.beginTransaction(readsOwnWrites: readsOwnWrites, mayWait: mayWait)
    }

    func inspect() throws(StoreError) -> EngineStatistics { try base.inspect() }
    func close() throws(StoreError) { try base.close() }
}
