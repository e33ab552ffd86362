import CLMDB
import CPrefetch
public import KVDS

/// A moment of an LMDB store: a read transaction taken out of the pool.
public final class LMDBSnapshot: EngineSnapshot {
    private let engine: LMDBEngine
    private let reader: LMDBReader

    init(engine: LMDBEngine, reader: LMDBReader) {
        self.engine = engine
        self.reader = reader
    }

    deinit { engine.giveBack(reader) }

    public func revision() throws(StoreError) -> Revision { try unsafe engine.environment.revision(reader.transaction) }

    public func makeCursor(in range: KeyRange, order: ScanOrder) throws(StoreError) -> LMDBCursor {
        unsafe LMDBCursor(transaction: reader.transaction, environment: engine.environment, range: range, order: order)
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
    private let environment: LMDBEnvironment
    private var range: KeyRange
    private let order: ScanOrder

    init(transaction: OpaquePointer, environment: LMDBEnvironment, range: KeyRange, order: ScanOrder) {
        unsafe self.transaction = transaction
        self.environment = environment
        self.range = range
        self.order = order
    }

    public func fill(_ page: inout EntryPage.Builder, mayWait: Bool) throws(StoreError) -> Bool {
        if range.isEmpty { return true }
        let walk = try unsafe LMDBWalk(transaction, environment)
        var found = try unsafe walk.start(range, order)
        var leaf: UnsafeRawPointer?
        while let entry = unsafe found {
            let current = unsafe entry.page(of: environment.pageSize)
            if unsafe current != leaf { unsafe kvds_prefetch(current, environment.pageSize) }
            unsafe leaf = current
            let isInside =
                switch order {
                case .forward: range.upper.map { unsafe entry.isBefore($0) } ?? true
                case .reverse: unsafe !entry.isBefore(range.lower)
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
