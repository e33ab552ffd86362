public import KVDS

/// A snapshot of a ``FaultInjectingEngine``.
public final class FaultInjectingSnapshot<Base: EngineSnapshot>: EngineSnapshot {
    private let base: Base
    private let faults: Faults

    init(_ base: Base, faults: Faults) {
        self.base = base
        self.faults = faults
    }

    public func revision(mayBlock: Bool) throws(EngineError) -> Revision { try base.revision(mayBlock: mayBlock) }

    public func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? {
        try faults.pass(.get, key: key)
        return try base.get(key, mayBlock: mayBlock)
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try faults.pass(.get, key: key)
        return try base.read(key, mayBlock: mayBlock, body)
    }

    public func makeCursor(
        in range: KeyRange, order: ScanOrder
    ) throws(EngineError) -> FaultInjectingCursor<Base.Cursor> {
        FaultInjectingCursor(try base.makeCursor(in: range, order: order), faults: faults, canBeHeld: true)
    }
}
