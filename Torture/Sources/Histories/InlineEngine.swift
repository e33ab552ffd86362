#if Command
import KVDS

/// An engine that works on its caller's thread, so that one thread can do all work. It can be kept when it is closed,
/// so that a memory store can be opened again.
final class InlineEngine<Base: StorageEngine>: StorageEngine {
    typealias Transaction = Base.Transaction

    private let base: Base
    private let isKept: Bool

    init(_ base: Base, isKept: Bool = false) {
        self.base = base
        self.isKept = isKept
    }

    static var needsThread: Bool { false }
    var isShared: Bool { base.isShared }
    var limits: StoreLimits { base.limits }
    func mayBlock(for batch: WriteBatch, _ durability: Durability) -> Bool { false }

    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? { try base.get(key, mayBlock: true) }
    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try base.read(key, mayBlock: true, body)
    }
    func makeSnapshot() throws(EngineError) -> InlineSnapshot<Base.Snapshot> { InlineSnapshot(try base.makeSnapshot()) }
    func beginTransaction(readsOwnWrites: Bool, mayBlock: Bool) throws(EngineError) -> Base.Transaction {
        try base.beginTransaction(readsOwnWrites: readsOwnWrites, mayBlock: true)
    }
    func grow(forWriting: Bool) throws(StoreError) { try base.grow(forWriting: forWriting) }
    func inspect() throws(EngineError) -> EngineStatistics { try base.inspect() }
    func close() throws(StoreError) { if !isKept { try base.close() } }
}
#endif
