#if Command
import KVDS

/// A snapshot of an ``InlineEngine``.
final class InlineSnapshot<Base: EngineSnapshot>: EngineSnapshot {
    private let base: Base

    init(_ base: Base) { self.base = base }

    func revision(mayBlock: Bool) throws(EngineError) -> Revision { try base.revision(mayBlock: true) }
    func get(_ key: Bytes, mayBlock: Bool) throws(EngineError) -> Bytes? { try base.get(key, mayBlock: true) }
    func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(EngineError) -> Bool {
        try base.read(key, mayBlock: true, body)
    }
    func makeCursor(in range: KeyRange, order: ScanOrder) throws(EngineError) -> InlineCursor<Base.Cursor> {
        InlineCursor(try base.makeCursor(in: range, order: order))
    }
}
#endif
