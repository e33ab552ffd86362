public import KVDS

/// A cursor of a ``FaultInjectingEngine``.
public final class FaultInjectingCursor<Base: EngineCursor>: EngineCursor {
    private let base: Base
    private let faults: Faults
    /// Whether the cursor belongs to a snapshot. A transaction's cursor never waits.
    private let canBeHeld: Bool

    init(_ base: Base, faults: Faults, canBeHeld: Bool = false) {
        self.base = base
        self.faults = faults
        self.canBeHeld = canBeHeld
    }

    public func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool {
        try faults.pass(.fill)
        if canBeHeld, faults.holdsPages {
            if !mayBlock { throw .wouldBlock }
            faults.waitForPages()
        }
        let hasEnded = try base.fill(&page, mayBlock: mayBlock)
        if faults.swapsEntries { swapEntries(of: &page) }
        return hasEnded
    }

    private func swapEntries(of page: inout EntryPage.Builder) {
        var swapped = EntryPage.Builder(capacity: 1 << 20)
        let filled = page.finish()
        var entries = filled.map(Array.init) ?? []
        if entries.count > 1 { entries.swapAt(0, 1) }
        for entry in entries { _ = swapped.append(entry) }
        page = swapped
    }
}
