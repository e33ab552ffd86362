import KVDS

/// Elements from one place up to another one.
struct ElementInterval: Hashable, Sendable {
    let lower: ElementBound
    let upper: ElementBound

    var isEmpty: Bool { lower.position >= upper.position }
    /// The one element of the interval; nil if it may have several.
    var element: Bytes? {
        lower.side == .before && upper.side == .after && !lower.isPartial && lower.bytes == upper.bytes
            ? lower.bytes : nil
    }

    func contains(_ element: Bytes) -> Bool { lower.position <= element && element < upper.position }
}

/// A set of elements: intervals in order, with elements between them that do not belong to the set.
struct ElementIntervals: Hashable, Sendable {
    let intervals: [ElementInterval]

    /// - Parameter intervals: in any order.
    init(_ intervals: some Sequence<ElementInterval>) {
        var merged: [ElementInterval] = []
        for next in intervals.filter({ !$0.isEmpty }).sorted(by: { $0.lower.position < $1.lower.position }) {
            if let last = merged.last, next.lower.position <= last.upper.position {
                if next.upper.position > last.upper.position {
                    merged[merged.count - 1] = ElementInterval(lower: last.lower, upper: next.upper)
                }
            } else {
                merged.append(next)
            }
        }
        self.intervals = merged
    }

    init(from lower: ElementBound, to upper: ElementBound) {
        self.init(CollectionOfOne(ElementInterval(lower: lower, upper: upper)))
    }

    /// The set of one element.
    init(_ element: Bytes) { self.init(from: ElementBound(.before, element), to: ElementBound(.after, element)) }

    /// The elements between two places that are not null. Without a place there is no bound.
    static func values(from lower: ElementBound?, to upper: ElementBound?) -> ElementIntervals {
        let values = ElementIntervals(from: .afterNull, to: .end)
        return ElementIntervals(from: lower ?? .afterNull, to: upper ?? .end).intersection(values)
    }

    /// The strings that begin with another one.
    init(prefix string: Bytes) {
        // Without its end, which is one byte.
        let beginning = string.slice(0..<string.count - 1)
        self.init(
            from: ElementBound(.before, beginning, isPartial: true),
            to: ElementBound(.after, beginning, isPartial: true))
    }

    func contains(_ element: Bytes) -> Bool { intervals.contains { $0.contains(element) } }

    func union(_ other: ElementIntervals) -> ElementIntervals { ElementIntervals(intervals + other.intervals) }

    /// All elements that are not in the set.
    var complement: ElementIntervals {
        var result: [ElementInterval] = []
        var lower = ElementBound.start
        for interval in intervals {
            result.append(ElementInterval(lower: lower, upper: interval.lower))
            lower = interval.upper
        }
        result.append(ElementInterval(lower: lower, upper: .end))
        return ElementIntervals(result)
    }

    func intersection(_ other: ElementIntervals) -> ElementIntervals {
        complement.union(other.complement).complement
    }

    func isSubset(of other: ElementIntervals) -> Bool { intersection(other) == self }

    /// The elements of the set, if it is a list of elements.
    var elements: [Bytes]? {
        var elements: [Bytes] = []
        for interval in intervals {
            guard let element = interval.element else { return nil }
            elements.append(element)
        }
        return elements
    }
}
