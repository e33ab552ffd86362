/// Decides which entry a scan of a store and a buffer returns next. It reads nothing itself.
///
///     store     a  b  c     e
///     buffer       -     d  +       (- deleted, + set anew)
///     scan      a     c  d  e+
struct ScanMerge {
    /// What to do with the next entry of the store.
    enum Step: Equatable {
        /// Return it.
        case returnNext
        /// Skip it: the buffer has deleted or replaced it.
        case passOver
        /// Keep it for later, and return this entry, which the buffer has set.
        case returnOwn(Entry)
        /// Nothing is left on either side.
        case end
    }

    private let buffer: WriteBuffer
    private let order: ScanOrder
    private let range: KeyRange
    private var own: Entry?

    init(_ buffer: WriteBuffer, in range: KeyRange, order: ScanOrder) {
        self.buffer = buffer
        self.order = order
        self.range = range
        own = buffer.firstEntry(in: range, order: order)
    }

    /// - Parameter next: the next entry of the store in the scan's order; nil when there are no more.
    mutating func step(_ next: Entry?) -> Step {
        if let own, next.map({ comesFirst(own.key, $0.key) }) ?? true {
            self.own = buffer.firstEntry(in: range.remainder(after: own.key, order), order: order)
            return .returnOwn(own)
        }
        guard let next else { return .end }
        return buffer.lookup(next.key) == .untouched ? .returnNext : .passOver
    }

    private func comesFirst(_ key: Bytes, _ other: Bytes) -> Bool {
        order == .forward ? key < other : key > other
    }
}

extension WriteBuffer {
    /// How many entries of a store are enough for a scan of `limit` entries; nil when all of them may be needed.
    func storeLimit(for limit: Int?) -> Int? {
        guard let limit, !deletesRanges else { return nil }
        let (sum, isTooLarge) = limit.addingReportingOverflow(count)
        return isTooLarge ? nil : sum
    }
}
