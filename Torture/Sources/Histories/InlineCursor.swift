#if Command
import KVDS

/// A cursor of an ``InlineEngine``.
final class InlineCursor<Base: EngineCursor>: EngineCursor {
    private let base: Base

    init(_ base: Base) { self.base = base }

    func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool {
        try base.fill(&page, mayBlock: true)
    }
}
#endif
