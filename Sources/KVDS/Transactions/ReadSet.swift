/// Everything that a transaction has read from its store. It must still be true when the transaction commits.
///
/// Each key is one condition, with the result of its first read. Each scan is one condition: the range up to the last
/// key that it returned, with all entries that the store had there.
struct ReadSet: Sendable {
    /// What is known about a key.
    enum ReadResult: Hashable, Sendable {
        case absent
        /// The key has a value, which was not read.
        case present
        case value(Bytes)
    }

    private struct KeyRead {
        let key: Bytes
        var observation: ReadResult
    }

    fileprivate struct Scan {
        let range: KeyRange
        let order: ScanOrder
        var entries: [Entry] = []
        var upTo: Bytes?
        var hasRead = false
    }

    private var keys: [KeyRead] = []
    /// The index in `keys` of each key, used when there are too many keys for a linear search.
    private var indices: [Bytes: Int] = [:]
    private var scans: [Scan] = []
    /// Keys that first had a value and then had none. No point in time satisfies both.
    private var contradicted: [Bytes] = []

    private static var maximumWithoutIndices: Int { 8 }

    /// Whether the store was read once at most, so that reads cannot contradict each other.
    var isSingleRead: Bool { keys.count + scans.count + contradicted.count <= 1 }

    /// What is known about `key`; nil when it was not read.
    subscript(key: Bytes) -> ReadResult? { index(of: key).map { keys[$0].observation } }

    /// Records a read of `key`. The earlier observation stays, unless the new one adds to it.
    mutating func add(_ key: Bytes, _ observation: ReadResult) {
        if let index = index(of: key) {
            guard keys[index].observation == .present else { return }
            if observation == .absent { contradicted.append(key) } else { keys[index].observation = observation }
            return
        }
        keys.append(KeyRead(key: key, observation: observation))
        if keys.count == Self.maximumWithoutIndices + 1 {
            for (index, read) in keys.enumerated() { indices[read.key] = index }
        } else if keys.count > Self.maximumWithoutIndices {
            indices[key] = keys.count - 1
        }
    }

    /// Begins a scan.
    ///
    /// - Returns: its number, for ``scanned(_:_:upTo:)``.
    mutating func addScan(of range: KeyRange, _ order: ScanOrder) -> Int {
        scans.append(Scan(range: range, order: order))
        return scans.count - 1
    }

    /// Records how far a scan has come; see ``ScanObserver/scanned(_:upTo:)``.
    mutating func scanned(_ scan: Int, _ entries: [Entry], upTo key: Bytes?) {
        scans[scan].entries += entries
        scans[scan].upTo = key
        scans[scan].hasRead = true
    }

    /// The reads as conditions of a batch.
    var conditions: [WriteBatch.Condition] {
        let keys = keys.map { read -> WriteBatch.Condition in
            switch read.observation {
            case .absent: .absent(read.key)
            case .present: .present(read.key)
            case .value(let value): .equals(read.key, value)
            }
        }
        return keys + contradicted.map { .absent($0) } + scans.filter(\.hasRead).map(\.condition)
    }

    private func index(of key: Bytes) -> Int? {
        keys.count > Self.maximumWithoutIndices ? indices[key] : keys.firstIndex { $0.key == key }
    }
}

extension ReadSet.Scan {
    fileprivate var condition: WriteBatch.Condition {
        var read = range
        if let upTo {
            switch order {
            case .forward: read.upperBound = upTo.successor
            case .reverse: read.lowerBound = upTo
            }
        }
        return .unchanged(read, order == .forward ? entries : entries.reversed())
    }
}
