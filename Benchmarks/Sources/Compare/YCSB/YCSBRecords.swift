import Foundation
import Synchronization

/// The records of one store: those that were loaded, and those that are inserted during the benchmark.
///
/// A record is a number. All records below `count` can be read. An insert counts once it and all earlier ones are
/// acknowledged.
final class YCSBRecords: Sendable {
    /// The maximum number of records.
    let capacity: Int
    private let issued: Atomic<Int>
    private let acknowledged: Atomic<Int>
    private let ahead = Acknowledgements()

    init(loaded: Int, capacity: Int) {
        self.capacity = capacity
        issued = Atomic(loaded)
        acknowledged = Atomic(loaded)
    }

    var count: Int { acknowledged.load(ordering: .acquiring) }

    /// Returns a record to insert, or nil if the maximum is reached.
    func issue() -> Int? {
        let record = issued.wrappingAdd(1, ordering: .relaxed).oldValue
        return record < capacity ? record : nil
    }

    func acknowledge(_ record: Int) {
        ahead.withLock { ahead in
            ahead.insert(record)
            var count = count
            while ahead.remove(count) != nil { count += 1 }
            acknowledged.store(count, ordering: .releasing)
        }
    }
}

/// Records that were acknowledged before an earlier record.
///
/// `@unchecked Sendable` is correct because the set is behind the lock.
private final class Acknowledgements: @unchecked Sendable {
    private let lock = NSLock()
    private var records: Set<Int> = []

    func withLock(_ body: (inout Set<Int>) -> Void) {
        lock.lock()
        defer { lock.unlock() }
        body(&records)
    }
}
