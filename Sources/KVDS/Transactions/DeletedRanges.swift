/// The ranges that a buffer deletes, in order. Ranges that overlap or touch are merged into one.
struct DeletedRanges: Sendable {
    private(set) var ranges: [KeyRange] = []

    /// Adds `range`. O(n).
    mutating func insert(_ range: KeyRange) {
        if range.isEmpty { return }
        var whole = range
        let first = ranges.firstIndex { $0.reaches(range.lowerBound) } ?? ranges.count
        var end = first
        while end < ranges.count, whole.reaches(ranges[end].lowerBound) {
            whole.lowerBound = min(whole.lowerBound, ranges[end].lowerBound)
            if !whole.includesEnd(of: ranges[end]) { whole.upperBound = ranges[end].upperBound }
            end += 1
        }
        ranges.replaceSubrange(first..<end, with: [whole])
    }

    /// Whether `key` lies in one of the ranges. O(log n).
    func contains(_ key: Bytes) -> Bool {
        let next = ranges.partitioningIndex { $0.lowerBound > key }
        return next > 0 && ranges[next - 1].contains(key)
    }
}

extension KeyRange {
    /// Whether the range ends at `key` or after it.
    fileprivate func reaches(_ key: Bytes) -> Bool { upperBound.map { $0 >= key } ?? true }

    /// Whether the range ends where `other` ends, or after it.
    fileprivate func includesEnd(of other: KeyRange) -> Bool {
        guard let upperBound else { return true }
        return other.upperBound.map { $0 <= upperBound } ?? false
    }
}
