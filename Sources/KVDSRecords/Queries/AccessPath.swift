import KVDS

/// A query on fields as they are stored.
struct StoredQuery: Hashable, Sendable {
    /// One term of a query's order.
    struct Term: Hashable, Sendable {
        let field: StoredField
        let order: ElementOrder
    }

    var filter: StoredFilter
    var order: [Term]

    /// The direction in which records with equal fields are ordered by their keys.
    var keyOrder: ElementOrder { order.last?.order ?? .ascending }
}

/// A way to read the records of a query: some ranges of the records or of an index.
struct AccessPath: Sendable {
    enum Source: Sendable {
        /// The records, in the order of their keys.
        case records
        case index(MaintainedIndex)
    }

    let source: Source
    /// The ranges of keys to read, in their order.
    var ranges: [KeyRange] = []
    /// The number of leading fields of the index or the key that the filter bounds.
    var boundFields = 0
    /// How many of them have one value.
    var fixedFields = 0
    /// Whether the ranges have exactly the records that match the filter.
    var isExact = false
    /// The direction that gives the wanted order; nil if the records must be sorted.
    var order: ScanOrder?

    /// The name of the index; nil for the records.
    var indexName: String? { if case .index(let index) = source { index.description.name } else { nil } }

    /// The number of the index in keys; 0 for the records.
    var number: Int { if case .index(let index) = source { index.description.number } else { 0 } }
}

extension AccessPath {
    /// Sets the ranges: as many leading fields are bounded as the filter allows.
    ///
    /// - Parameters:
    ///   - prefix: the beginning of the keys.
    ///   - fields: the fields of the index or the key, with what the filter wants of them; nil for nothing.
    mutating func bind(_ prefix: Bytes, _ fields: [(order: ElementOrder, set: ElementIntervals?)]) {
        /// The limit on the number of ranges that lists of values become.
        let maximumRanges = 128
        var prefixes = [prefix]
        for (order, set) in fields {
            guard let set, prefixes.count * set.intervals.count <= maximumRanges else { break }
            boundFields += 1
            guard let elements = set.elements else {
                ranges = prefixes.flatMap { set.ranges(after: $0, order) }
                return
            }
            if elements.count == 1, fixedFields == boundFields - 1 { fixedFields += 1 }
            let ordered = order == .ascending ? elements : elements.reversed()
            prefixes = prefixes.flatMap { prefix in
                ordered.map { element in
                    var writer = TupleWriter(after: prefix)
                    writer.write(element: element, order)
                    return writer.bytes()
                }
            }
        }
        ranges = prefixes.map { KeyRange.elements(after: $0) }
    }
}

extension ElementIntervals {
    /// The keys that have one of the elements after a prefix, in their order.
    fileprivate func ranges(after prefix: Bytes, _ order: ElementOrder) -> [KeyRange] {
        let ranges = intervals.map { interval in
            let ends = [interval.lower.position(order), interval.upper.position(order)].map { prefix.appending($0) }
            return order == .ascending ? KeyRange(from: ends[0], to: ends[1]) : KeyRange(from: ends[1], to: ends[0])
        }
        return order == .ascending ? ranges : ranges.reversed()
    }
}
