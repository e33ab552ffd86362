/// What a transaction has read of its store, and so what must still be true when it commits.
///
/// A key is a condition once, as it was read first. A scan is one as far as it came: the range up to the last key it
/// returned, with all that the store held there.
struct ReadSet: Sendable {
    /// What is known of a key.
    enum EntriesObservation: Hashable, Sendable {
        case absent
        /// It has a value, which was not looked at.
        case present
        case value(Bytes)
    }

    private struct KeyRead {
        let key: Bytes
        var observation: EntriesObservation
    }

    fileprivate struct Scan {
        let range: KeyRange
        let order: ScanOrder
        var entries: [Entry] = []
        var upTo: Bytes?
        var hasRead = false
    }

    private var keys: [KeyRead] = []
    /// Where in `keys` a key is, once they are too many to look at each.
    private var indices: [Bytes: Int] = [:]
    private var scans: [Scan] = []
    /// Keys that had a value, and then had none: there is no moment at which both is so.
    private var contradicted: [Bytes] = []

    private static var maximumWithoutIndices: Int { 8 }

    /// Whether nothing was read, or only what one look at the store can show, so that it cannot contradict itself.
    var isSingleRead: Bool { keys.count + scans.count + contradicted.count <= 1 }

    /// What is known of `key`; nil when it was not read.
    subscript(key: Bytes) -> EntriesObservation? { index(of: key).map { keys[$0].observation } }

    /// Notes that `key` was read. What was known before stays, unless it was less.
    mutating func add(_ key: Bytes, _ observation: EntriesObservation) {
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

    /// Notes how far a scan has come; see ``ScanObserver/scanned(_:upTo:)``.
    mutating func scanned(_ scan: Int, _ entries: [Entry], upTo key: Bytes?) {
        scans[scan].entries += entries
        scans[scan].upTo = key
        scans[scan].hasRead = true
    }

    /// What was read, as conditions of a batch.
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
