import KVDS

/// A memory engine that differs in one respect: it has small limits, or other processes also write to it.
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

    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? { try base.get(key, mayBlock: mayBlock) }

    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try base.read(key, mayBlock: mayBlock, body)
    }

    func makeSnapshot() throws(EngineError) -> MemorySnapshot { try base.makeSnapshot() }

    func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> MemoryTransaction {
        try base.beginTransaction(readsOwnWrites: readsOwnWrites, mayBlock: mayBlock)
    }

    func inspect() throws(EngineError) -> EngineStatistics { try base.inspect() }
    func close() throws(StoreError) { try base.close() }
}
