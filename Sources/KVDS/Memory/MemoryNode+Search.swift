/// Searching for keys in one node.
extension MemoryNode {
    /// The index of `key` in this leaf; nil when it is not there.
    func index(of key: UnsafeRawBufferPointer) -> Int? {
        // The shared beginning needs no check: the comparison at the end covers the whole key.
        let index = unsafe indexByPrefix(of: key)
        return unsafe index < count && compareBytes(self.key(at: index), key) == 0 ? index : nil
    }

    /// The index of the first key that is not less than `key`; the key of a first child counts as less.
    func lowerBound(of key: UnsafeRawBufferPointer) -> Int {
        let first = firstKeyIndex
        if first == count { return first }
        let shared = unsafe self.key(at: first).prefix(sharedLength)
        let order = unsafe compareBytes(
            UnsafeRawBufferPointer(rebasing: key.prefix(sharedLength)), UnsafeRawBufferPointer(rebasing: shared))
        if order != 0 { return order < 0 ? first : count }
        return unsafe indexByPrefix(of: key)
    }

    /// The index of the child that holds `key`, if any does.
    func childIndex(for key: UnsafeRawBufferPointer) -> Int {
        let index = unsafe lowerBound(of: key)
        // The prefixes usually decide, so that the key itself need not be loaded.
        let isFirstKeyOfChild =
            unsafe index < count && prefixes[index] == MemoryNode.prefix(of: key, after: sharedLength)
            && compareBytes(self.key(at: index), key) == 0
        return isFirstKeyOfChild ? index : index - 1
    }

    /// The indices of the entries of this leaf in a range that is not empty; nil means no bound.
    func entries(from lower: UnsafeRawBufferPointer?, to upper: UnsafeRawBufferPointer?) -> Range<Int> {
        let first = unsafe lower.map { unsafe lowerBound(of: $0) } ?? 0
        return unsafe first..<(upper.map { unsafe lowerBound(of: $0) } ?? count)
    }

    /// The indices of the children of this branch that can hold keys of a range that is not empty; nil means no bound.
    func children(from lower: UnsafeRawBufferPointer?, to upper: UnsafeRawBufferPointer?) -> ClosedRange<Int> {
        let first = unsafe lower.map { unsafe childIndex(for: $0) } ?? 0
        // The child whose first key is `upper` holds nothing below it.
        return unsafe first...((upper.map { unsafe lowerBound(of: $0) } ?? count) - 1)
    }

    /// The index of the first key that is not less than `key`, if `key` begins with the bytes that all keys of the node
    /// share.
    private func indexByPrefix(of key: UnsafeRawBufferPointer) -> Int {
        let count = count
        let wanted = unsafe MemoryNode.prefix(of: key, after: sharedLength)
        let prefixes = unsafe prefixes
        // Compares all prefixes without a branch: the processor compares several at a time.
        var below: UInt32 = 0
        var index = 0
        while index < count {
            unsafe below &+= prefixes[index] < wanted ? 1 : 0
            index &+= 1
        }
        var low = max(Int(below), firstKeyIndex)
        var high = low
        while high < count, unsafe prefixes[high] == wanted { high += 1 }
        while low < high {
            let middle = (low + high) / 2
            if unsafe compareBytes(self.key(at: middle), key) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private var sharedLength: Int { unsafe Int(header.pointee.sharedLength) }

    /// Computes the beginning that all keys share, and writes the prefixes.
    func writePrefixes() {
        let first = firstKeyIndex
        if first >= count { return }
        let shared = unsafe commonPrefixLength(key(at: first), key(at: count - 1))
        unsafe header.pointee.sharedLength = UInt16(shared)
        if !isLeaf { unsafe prefixes[0] = 0 }
        for index in first..<count { unsafe prefixes[index] = MemoryNode.prefix(of: key(at: index), after: shared) }
    }

    /// Four bytes of `key` from `offset` on as a number, padded with zeros. A greater key has a greater or equal
    /// number.
    private static func prefix(of key: UnsafeRawBufferPointer, after offset: Int) -> UInt32 {
        if offset + 4 <= key.count {
            return unsafe UInt32(bigEndian: key.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        return (offset..<offset + 4).reduce(0) { unsafe $0 << 8 | ($1 < key.count ? UInt32(key[$1]) : 0) }
    }
}

/// The length of the longest common prefix of two keys.
func commonPrefixLength(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let limit = min(left.count, right.count)
    return (0..<limit).first { unsafe left[$0] != right[$0] } ?? limit
}
