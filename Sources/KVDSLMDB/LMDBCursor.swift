import CLMDB
import CPrefetch
package import KVDS

/// The remaining part of a range. Between two pages it holds no LMDB cursor and no address of the map, so the file can
/// be remapped. Each page begins with a search.
///
/// `@unchecked Sendable` is right because a cursor is used by one thread at a time; `@safe` because its creator keeps
/// the transaction open for as long as the cursor is used.
@safe
package final class LMDBCursor: EngineCursor, @unchecked Sendable {
    private let transaction: OpaquePointer
    /// The owner of the transaction, if other threads may use it; nil for a write transaction.
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

    package func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool {
        if range.isEmpty { return true }
        try environment.checkMap()
        guard let reader else { return try fill(&page) }
        var isComplete = false
        try unsafe reader.withExclusiveAccess { _ throws(EngineError) in isComplete = try fill(&page) }
        return isComplete
    }

    private func fill(_ page: inout EntryPage.Builder) throws(EngineError) -> Bool {
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
