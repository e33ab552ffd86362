public import KVDS

/// A transaction of a ``FaultInjectingEngine``.
public final class FaultInjectingTransaction<Base: EngineTransaction>: EngineTransaction {
    private let base: Base
    private let faults: Faults

    init(_ base: Base, faults: Faults) {
        self.base = base
        self.faults = faults
    }

    public var revision: Revision { base.revision }

    public func get(_ key: Bytes) throws(EngineError) -> Bytes? {
        try faults.pass(.read, key: key)
        return try base.get(key)
    }

    public func makeCursor(in range: KeyRange) throws(EngineError) -> FaultInjectingCursor<Base.Cursor> {
        FaultInjectingCursor(try base.makeCursor(in: range), faults: faults)
    }

    public func set(_ key: Bytes, to value: Bytes) throws(EngineError) {
        try faults.pass(.set, key: key)
        try base.set(key, to: value)
    }

    public func delete(_ key: Bytes) throws(EngineError) {
        try faults.pass(.delete, key: key)
        try base.delete(key)
    }

    public func delete(in range: KeyRange) throws(EngineError) {
        try faults.pass(.deleteRange)
        try base.delete(in: range)
    }

    public func commit(_ revision: Revision, _ durability: Durability) throws(EngineError) -> Durability {
        faults.waitForCommits()
        do throws(EngineError) {
            try faults.pass(.commit)
        } catch {
            base.abort()
            throw error
        }
        let reached = try base.commit(revision, durability)
        try faults.pass(.committed)
        return reached
    }

    public func abort() { base.abort() }
}
