public import KVDS

/// An engine that does what another one does, and fails where ``Faults`` say.
///
/// It always has a thread of its own, even around an engine that needs none, so that a commit can be held there.
public final class FaultInjectingEngine<Base: StorageEngine>: StorageEngine {
    private let base: Base
    /// What fails; shared with the test.
    public let faults: Faults

    public init(_ base: Base, faults: Faults) {
        self.base = base
        self.faults = faults
    }

    public static var needsThread: Bool { true }
    public var isShared: Bool { base.isShared }
    public var limits: StoreLimits { base.limits }
    public func get(_ key: Bytes, mayBlock: Bool) throws(StoreError) -> Bytes? {
        try faults.pass(.get, key: key)
        return try base.get(key, mayBlock: mayBlock)
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try faults.pass(.get, key: key)
        return try base.read(key, mayBlock: mayBlock, body)
    }

    public func makeSnapshot() throws(StoreError) -> FaultInjectingSnapshot<Base.Snapshot> {
        try faults.pass(.snapshot)
        return FaultInjectingSnapshot(try base.makeSnapshot(), faults: faults)
    }

    public func beginTransaction(
        readsOwnWrites: Bool, mayBlock: Bool
    ) throws(StoreError) -> FaultInjectingTransaction<Base.Transaction> {
        try faults.pass(.begin)
        let transaction = try base.beginTransaction(readsOwnWrites: readsOwnWrites, mayBlock: mayBlock)
        return FaultInjectingTransaction(transaction, faults: faults)
    }

    public func grow(forWriting: Bool) throws(StoreError) { try base.grow(forWriting: forWriting) }
    public func inspect() throws(StoreError) -> EngineStatistics { try base.inspect() }

    public func close() throws(StoreError) {
        try base.close()
        try faults.pass(.close)
    }
}

/// A snapshot of a ``FaultInjectingEngine``.
public final class FaultInjectingSnapshot<Base: EngineSnapshot>: EngineSnapshot {
    private let base: Base
    private let faults: Faults

    init(_ base: Base, faults: Faults) {
        self.base = base
        self.faults = faults
    }

    public func revision(mayBlock: Bool) throws(StoreError) -> Revision { try base.revision(mayBlock: mayBlock) }

    public func get(_ key: Bytes, mayBlock: Bool) throws(StoreError) -> Bytes? {
        try faults.pass(.get, key: key)
        return try base.get(key, mayBlock: mayBlock)
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try faults.pass(.get, key: key)
        return try base.read(key, mayBlock: mayBlock, body)
    }

    public func makeCursor(
        in range: KeyRange, order: ScanOrder
    ) throws(StoreError) -> FaultInjectingCursor<Base.Cursor> {
        FaultInjectingCursor(try base.makeCursor(in: range, order: order), faults: faults, canBeHeld: true)
    }
}

/// A cursor of a ``FaultInjectingEngine``.
public final class FaultInjectingCursor<Base: EngineCursor>: EngineCursor {
    private let base: Base
    private let faults: Faults
    /// Whether it is a snapshot's: a transaction's cursor never waits.
    private let canBeHeld: Bool

    init(_ base: Base, faults: Faults, canBeHeld: Bool = false) {
        self.base = base
        self.faults = faults
        self.canBeHeld = canBeHeld
    }

    public func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(StoreError) -> Bool {
        try faults.pass(.fill)
        if canBeHeld, faults.holdsPages {
            if !mayBlock { throw StoreError(.wouldBlock, "Pages are held.") }
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

/// A transaction of a ``FaultInjectingEngine``.
public final class FaultInjectingTransaction<Base: EngineTransaction>: EngineTransaction {
    private let base: Base
    private let faults: Faults

    init(_ base: Base, faults: Faults) {
        self.base = base
        self.faults = faults
    }

    public var revision: Revision { base.revision }

    public func get(_ key: Bytes) throws(StoreError) -> Bytes? {
        try faults.pass(.read, key: key)
        return try base.get(key)
    }

    public func makeCursor(in range: KeyRange) throws(StoreError) -> FaultInjectingCursor<Base.Cursor> {
        FaultInjectingCursor(try base.makeCursor(in: range), faults: faults)
    }

    public func set(_ key: Bytes, to value: Bytes) throws(StoreError) {
        try faults.pass(.set, key: key)
        try base.set(key, to: value)
    }

    public func delete(_ key: Bytes) throws(StoreError) {
        try faults.pass(.delete, key: key)
        try base.delete(key)
    }

    public func delete(_ range: KeyRange) throws(StoreError) {
        try faults.pass(.deleteRange)
        try base.delete(range)
    }

    public func commit(_ revision: Revision, _ durability: Durability) throws(StoreError) -> Durability {
        faults.waitForCommits()
        do throws(StoreError) {
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
