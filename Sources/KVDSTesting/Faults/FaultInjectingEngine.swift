public import KVDS

/// An engine that forwards to another engine and fails where ``Faults`` requires it.
///
/// It always has its own thread, even around an engine that needs none, so that a commit can be held there.
public final class FaultInjectingEngine<Base: StorageEngine>: StorageEngine {
    private let base: Base
    /// The failures to inject, shared with the test.
    public let faults: Faults

    public init(_ base: Base, faults: Faults) {
        self.base = base
        self.faults = faults
    }

    public static var needsThread: Bool { true }
    public var isShared: Bool { base.isShared }
    public var limits: StoreLimits { base.limits }
    public func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try faults.pass(.get, key: key)
        return try base.get(key, mayBlock: mayBlock)
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try faults.pass(.get, key: key)
        return try base.read(key, mayBlock: mayBlock, body)
    }

    public func makeSnapshot() throws(EngineError) -> FaultInjectingSnapshot<Base.Snapshot> {
        try faults.pass(.snapshot)
        return FaultInjectingSnapshot(try base.makeSnapshot(), faults: faults)
    }

    public func beginTransaction(
        readsOwnWrites: Bool, mayBlock: Bool
    ) throws(EngineError) -> FaultInjectingTransaction<Base.Transaction> {
        try faults.pass(.begin)
        let transaction = try base.beginTransaction(readsOwnWrites: readsOwnWrites, mayBlock: mayBlock)
        return FaultInjectingTransaction(transaction, faults: faults)
    }

    public func grow(forWriting: Bool) throws(StoreError) { try base.grow(forWriting: forWriting) }
    public func inspect() throws(EngineError) -> EngineStatistics { try base.inspect() }

    public func close() throws(StoreError) {
        try base.close()
        if case .failed(let error) = faults.error(at: .close) { throw error }
    }
}
