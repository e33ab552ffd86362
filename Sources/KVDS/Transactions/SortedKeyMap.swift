/// A map from keys to values, in key order: a sorted array in chunks, so that an insertion moves at most one chunk.
///
///     chunks    [ ant bee cat ]   [ dog eel ]   [ fox gnu hen ]
///
/// No chunk is empty. A copy shares the chunks until one of them is changed.
struct SortedKeyMap<Value: Sendable>: Sendable {
    struct Element: Sendable {
        let key: Bytes
        var value: Value
    }

    private static var maximumChunkCount: Int { 128 }

    private var chunks: [[Element]] = []
    /// The number of keys.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// All elements, in key order.
    var elements: some Sequence<Element> { chunks.joined() }

    /// The value of `key`. O(log n).
    subscript(key: Bytes) -> Value? {
        let (chunk, offset, isThere) = locate(key)
        return isThere ? chunks[chunk][offset].value : nil
    }

    /// Sets `key` to `value`. O(log n), plus the move of one chunk.
    mutating func update(_ key: Bytes, to value: Value) {
        let (chunk, offset, isThere) = locate(key)
        if isThere {
            chunks[chunk][offset].value = value
            return
        }
        count += 1
        if chunks.isEmpty { chunks.append([]) }
        chunks[chunk].insert(Element(key: key, value: value), at: offset)
        if chunks[chunk].count > Self.maximumChunkCount { split(chunk) }
    }

    mutating func remove(_ key: Bytes) {
        let (chunk, offset, isThere) = locate(key)
        if isThere { remove(offset..<offset + 1, of: chunk) }
    }

    /// Removes every key in `range`.
    mutating func removeAll(in range: KeyRange) {
        if range.isEmpty || isEmpty { return }
        let (first, start, _) = locate(range.lowerBound)
        let (last, end, _) = range.upperBound.map(locate) ?? (chunks.count - 1, chunks[chunks.count - 1].count, false)
        if first == last { return remove(start..<end, of: first) }
        // From back to front, so that a removal does not move the parts still to be removed.
        remove(0..<end, of: last)
        for chunk in (first + 1..<last).reversed() { remove(0..<chunks[chunk].count, of: chunk) }
        remove(start..<chunks[first].count, of: first)
    }

    /// The element with the smallest key in `range`. O(log n).
    func first(in range: KeyRange) -> Element? {
        if isEmpty { return nil }
        var (chunk, offset, _) = locate(range.lowerBound)
        if offset == chunks[chunk].count { (chunk, offset) = (chunk + 1, 0) }
        guard chunk < chunks.count else { return nil }
        let element = chunks[chunk][offset]
        return range.contains(element.key) ? element : nil
    }

    /// The element with the greatest key in `range`. O(log n).
    func last(in range: KeyRange) -> Element? {
        if isEmpty { return nil }
        var (chunk, offset, _) =
            range.upperBound.map(locate) ?? (chunks.count - 1, chunks[chunks.count - 1].count, false)
        if offset == 0 {
            if chunk == 0 { return nil }
            chunk -= 1
            offset = chunks[chunk].count
        }
        let element = chunks[chunk][offset - 1]
        return range.contains(element.key) ? element : nil
    }

    /// The position of `key`, or the position where it belongs.
    private func locate(_ key: Bytes) -> (chunk: Int, offset: Int, isThere: Bool) {
        if chunks.isEmpty { return (0, 0, false) }
        // The last chunk that does not begin after the key.
        let chunk = max(0, chunks.partitioningIndex { $0[0].key > key } - 1)
        let elements = chunks[chunk]
        let offset = elements.partitioningIndex { $0.key >= key }
        return (chunk, offset, offset < elements.count && elements[offset].key == key)
    }

    private mutating func remove(_ offsets: Range<Int>, of chunk: Int) {
        count -= offsets.count
        chunks[chunk].removeSubrange(offsets)
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }

    private mutating func split(_ chunk: Int) {
        let half = chunks[chunk].count / 2
        let tail = Array(chunks[chunk][half...])
        chunks[chunk].removeSubrange(half...)
        chunks.insert(tail, at: chunk + 1)
    }
}
