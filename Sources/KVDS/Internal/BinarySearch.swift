extension RandomAccessCollection {
    /// The index of the first element for which `belongsInSecondPartition` holds; `endIndex` when there is none. It
    /// must also hold for all elements that follow. O(log n).
    @inlinable
    @inline(__always)
    package func partitioningIndex(
        where belongsInSecondPartition: (Element) throws -> Bool
    ) rethrows -> Index {
        var low = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(low, offsetBy: half)
            if try belongsInSecondPartition(self[middle]) {
                count = half
            } else {
                low = index(after: middle)
                count -= half + 1
            }
        }
        return low
    }
}
