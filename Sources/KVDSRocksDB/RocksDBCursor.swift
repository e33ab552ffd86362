import CRocksDB
package import KVDS
import Synchronization

/// A position in a range of a snapshot.
///
/// It begins with an iterator that reads only from memory. When that iterator would block, the cursor continues with
/// one that may wait, for the rest of the scan.
///
/// `@unchecked Sendable` is right because a cursor is used by one thread at a time.
package final class RocksDBCursor: EngineCursor, @unchecked Sendable {
    private let snapshot: RocksDBSnapshot
    private var range: KeyRange
    private let order: ScanOrder
    private var iterator: RocksDBIterator?
    private var mustWait = false

    init(snapshot: RocksDBSnapshot, range: KeyRange, order: ScanOrder) {
        self.snapshot = snapshot
        self.range = range
        self.order = order
    }

    package func fill(_ page: inout EntryPage.Builder, mayBlock: Bool) throws(EngineError) -> Bool {
        if range.isEmpty { return true }
        while true {
            if mustWait, !mayBlock { throw .wouldBlock }
            let iterator = iterator ?? makeIterator()
            self.iterator = iterator
            do throws(EngineError) {
                return try iterator.fill(&page)
            } catch {
                guard case .wouldBlock = error else { throw error }
                mustWait = true
                self.iterator = nil
                if let last = page.lastKey {
                    range = range.remainder(after: last, order)
                    return false
                }
            }
        }
    }

    private func makeIterator() -> RocksDBIterator {
        let options = unsafe RocksDBReadOptions(mayBlock: mustWait, snapshot: snapshot.pointer)
        return unsafe RocksDBIterator(snapshot.database, options, range, order) { options in
            unsafe rocksdb_create_iterator(snapshot.database.pointer, options)
        }
    }
}
