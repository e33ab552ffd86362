import CLMDB
import CPrefetch
public import KVDS

/// A moment of an LMDB store: a read transaction taken out of the pool.
///
/// LMDB lets several threads use a read transaction one after the other. What it has found stays where it is, so that the
/// lock is not held while a value is looked at.
public final class LMDBSnapshot: EngineSnapshot {
    private let engine: LMDBEngine
    private let reader: LMDBReader

    init(engine: LMDBEngine, reader: LMDBReader) {
        self.engine = engine
        self.reader = reader
    }

    deinit { engine.giveBack(reader) }

    public func revision(mayBlock: Bool) throws(StoreError) -> Revision {
        var revision = Revision.zero
        try unsafe reader.withExclusiveAccess { transaction throws(StoreError) in
            revision = try unsafe engine.environment.revision(transaction)
        }
        return revision
    }

    public func get(_ key: Bytes, mayBlock: Bool) throws(StoreError) -> Bytes? {
        try unsafe find(key).map { unsafe Bytes(copying: $0) }
    }

    public func read(_ key: Bytes, mayBlock: Bool, _ body: (RawSpan) -> Void) throws(StoreError) -> Bool {
        try unsafe find(key).map { unsafe body($0.bytes) } != nil
    }

    /// Where the value of `key` is, for as long as the snapshot and this read last.
    private func find(_ key: Bytes) throws(StoreError) -> UnsafeRawBufferPointer? {
        let environment = engine.environment
        try environment.checkMap()
        var found: UnsafeRawBufferPointer?
        try unsafe reader.withExclusiveAccess { transaction throws(StoreError) in
            unsafe found = try unsafe LMDBEngine.find(key, transaction, environment) { unsafe $0 }
        }
        return unsafe found
    }

    public func makeCursor(in range: KeyRange, order: ScanOrder) throws(StoreError) -> LMDBCursor {
        unsafe LMDBCursor(
            transaction: reader.transaction, of: reader, environment: engine.environment, range: range, order: order)
    }
}

/// A position in a range: what is left of it. Between two pages nothing of LMDB's is held, so that the file can be
/// remapped; each page begins with a search.
///
/// `@unchecked Sendable` is right because a cursor is used by one thread at a time; `@safe` because whoever made it keeps
/// the transaction for as long as the cursor is used.
@safe
public final class LMDBCursor: EngineCursor, @unchecked Sendable {
    private let transaction: OpaquePointer
    /// Whose transaction it is, where others may use it; nil for a write transaction.
    private let reader: LMDBReader?
    private let environment: LMDBEnvironment
    private var range: KeyRange
    private let order: ScanOrder

    init(
        transaction: OpaquePointer, of reader: LMDBReader? = nil, environment: LMDBEnvironment, range: KeyRange,
        order: ScanOrder
    ) {
        unsafe self.transaction = transaction
        self.reader = reader
        self.environment = environment
        self.range = range
        self.order = order
    }

    public func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(StoreError) -> Bool {
        if range.isEmpty { return true }
        try environment.checkMap()
        guard let reader else { return try fill(&page) }
        var isComplete = false
        try unsafe reader.withExclusiveAccess { _ throws(StoreError) in isComplete = try fill(&page) }
        return isComplete
    }

    private func fill(_ page: inout EntryPage.Builder) throws(StoreError) -> Bool {
        let walk = try unsafe LMDBRawCursor(transaction, environment)
        var found = try unsafe walk.start(range, order)
        var leaf: UnsafeRawPointer?
        while let entry = unsafe found {
            let current = unsafe entry.page(of: environment.pageSize)
            if unsafe current != leaf { unsafe kvds_prefetch(current, environment.pageSize) }
            unsafe leaf = current
            let isInside =
                switch order {
                case .forward: range.upperBound.map { unsafe entry.isBefore($0) } ?? true
                case .reverse: unsafe !entry.isBefore(range.lowerBound)
                }
            if !isInside { return true }
            guard unsafe page.append(key: entry.key, value: entry.value) else {
                if let last = page.lastKey { range = range.remainder(after: last, order) }
                return false
            }
            unsafe found = try unsafe walk.step(order == .forward ? MDB_NEXT : MDB_PREV)
        }
        return true
    }
}
