import KVDS

/// Indexes and filters as tuples, the form in which the catalog stores them. Formats.md describes it.
extension IndexDescription {
    var tuple: Tuple {
        let fields = fields.map { Tuple.Element.tuple(Tuple($0.field.tuple, $0.order == .descending)) }
        return Tuple(name, number, isUnique, phase.rawValue, Tuple(elements: fields), predicate?.tuple)
    }

    /// - Throws: if the tuple is not an index.
    init(_ tuple: Tuple) throws(StoreError) {
        guard let phase = Phase(rawValue: try tuple[3, as: String.self]) else {
            throw StoreError(.corrupt, "An index in the catalog is in an unknown phase.")
        }
        var fields: [IndexField] = []
        for field in try tuple[4, as: Tuple.self].tuples() {
            fields.append(
                IndexField(
                    field: try StoredField(try field[0, as: Tuple.self]),
                    order: try field[1, as: Bool.self] ? .descending : .ascending))
        }
        self.init(
            name: try tuple[0, as: String.self], number: try tuple[1, as: Int.self],
            isUnique: try tuple[2, as: Bool.self], phase: phase, fields: fields,
            predicate: try tuple[5, as: Tuple?.self].map { (tuple) throws(StoreError) in
                try StoredFilter(tuple)
            })
        guard number > 0, !fields.isEmpty else { throw StoreError(.corrupt, "An index in the catalog is damaged.") }
    }
}

extension StoredFilter {
    var tuple: Tuple {
        switch self {
        case .all(let nodes): Tuple("all", Self.tuple(nodes))
        case .any(let nodes): Tuple("any", Self.tuple(nodes))
        case .not(let node): Tuple("not", node.tuple)
        case .contains(let field, let element): Tuple("contains", field.tuple, element)
        case .within(let field, let set):
            Tuple(
                "within", field.tuple,
                Tuple(elements: set.intervals.map { .tuple(Tuple($0.lower.tuple, $0.upper.tuple)) }))
        }
    }

    private static func tuple(_ nodes: [StoredFilter]) -> Tuple { Tuple(elements: nodes.map { .tuple($0.tuple) }) }

    /// Calls itself at most as often as tuples can be nested.
    ///
    /// - Throws: if the tuple is not a filter.
    init(_ tuple: Tuple) throws(StoreError) {
        func nodes() throws(StoreError) -> [StoredFilter] {
            var nodes: [StoredFilter] = []
            for tuple in try tuple[1, as: Tuple.self].tuples() { nodes.append(try StoredFilter(tuple)) }
            return nodes
        }
        func field() throws(StoreError) -> StoredField { try StoredField(try tuple[1, as: Tuple.self]) }
        switch try tuple[0, as: String.self] {
        case "all": self = .all(try nodes())
        case "any": self = .any(try nodes())
        case "not": self = .not(try StoredFilter(try tuple[1, as: Tuple.self]))
        case "contains": self = .contains(try field(), try tuple[2, as: Bytes.self])
        case "within":
            var intervals: [ElementInterval] = []
            for interval in try tuple[2, as: Tuple.self].tuples() {
                intervals.append(
                    ElementInterval(
                        lower: try ElementBound(try interval[0, as: Tuple.self]),
                        upper: try ElementBound(try interval[1, as: Tuple.self])))
            }
            self = .within(try field(), ElementIntervals(intervals))
        default: throw StoreError(.corrupt, "A filter in the catalog is of an unknown kind.")
        }
    }
}

extension ElementBound {
    fileprivate var tuple: Tuple { Tuple(bytes, side == .after, isPartial) }

    fileprivate init(_ tuple: Tuple) throws(StoreError) {
        self.init(
            try tuple[1, as: Bool.self] ? .after : .before, try tuple[0, as: Bytes.self],
            isPartial: try tuple[2, as: Bool.self])
    }
}
