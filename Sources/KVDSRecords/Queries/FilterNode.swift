import KVDS

/// A condition on the fields of records. `Reference` names a field: as a property of the Swift type, or as it is
/// stored.
indirect enum FilterNode<Reference: Hashable & Sendable>: Hashable, Sendable {
    /// All of these hold. Every record matches an empty list.
    case all([FilterNode])
    /// One of these holds.
    case any([FilterNode])
    case not(FilterNode)
    /// The field has one of these values.
    case within(Reference, ElementIntervals)
    /// The field is a list that contains this element.
    case contains(Reference, Bytes)

    /// The conditions that must hold together.
    var conjuncts: [FilterNode] {
        if case .all(let nodes) = self { return nodes.flatMap(\.conjuncts) }
        return [self]
    }

    /// The conditions of which one must hold.
    private var alternatives: [FilterNode] {
        if case .any(let nodes) = self { return nodes.flatMap(\.alternatives) }
        return [self]
    }

    /// The fields, in the order in which they occur.
    var references: [Reference] {
        switch self {
        case .all(let nodes), .any(let nodes): nodes.flatMap(\.references)
        case .not(let node): node.references
        case .within(let reference, _), .contains(let reference, _): [reference]
        }
    }

    func mapReferences<Other, Failure>(
        _ transform: (Reference) throws(Failure) -> Other
    ) throws(Failure) -> FilterNode<Other> {
        switch self {
        case .all(let nodes): .all(try Self.map(nodes, transform))
        case .any(let nodes): .any(try Self.map(nodes, transform))
        case .not(let node): .not(try node.mapReferences(transform))
        case .within(let reference, let intervals): .within(try transform(reference), intervals)
        case .contains(let reference, let element): .contains(try transform(reference), element)
        }
    }

    private static func map<Other, Failure>(
        _ nodes: [FilterNode], _ transform: (Reference) throws(Failure) -> Other
    ) throws(Failure) -> [FilterNode<Other>] {
        var result: [FilterNode<Other>] = []
        for node in nodes { result.append(try node.mapReferences(transform)) }
        return result
    }

    /// The same condition, with conditions on one field as one set of elements where that is possible.
    var simplified: FilterNode {
        switch self {
        case .within, .contains: self
        case .not(let node):
            switch node.simplified {
            case .within(let field, let intervals): .within(field, intervals.complement)
            case .not(let inner): inner
            case let inner: .not(inner)
            }
        case .all(let nodes):
            Self.merge(nodes.flatMap { $0.simplified.conjuncts }, { $0.intersection($1) }, FilterNode.all)
        case .any(let nodes):
            Self.merge(nodes.flatMap { $0.simplified.alternatives }, { $0.union($1) }, FilterNode.any)
        }
    }

    /// Merges the conditions on each field, in the order in which the fields occur first.
    private static func merge(
        _ nodes: [FilterNode], _ combine: (ElementIntervals, ElementIntervals) -> ElementIntervals,
        _ make: ([FilterNode]) -> FilterNode
    ) -> FilterNode {
        var merged: [FilterNode] = []
        var positions: [Reference: Int] = [:]
        for node in nodes {
            guard case .within(let field, let intervals) = node else {
                merged.append(node)
                continue
            }
            if let position = positions[field], case .within(_, let earlier) = merged[position] {
                merged[position] = .within(field, combine(earlier, intervals))
            } else {
                positions[field] = merged.count
                merged.append(node)
            }
        }
        return merged.count == 1 ? merged[0] : make(merged)
    }
}

typealias StoredFilter = FilterNode<StoredField>

extension StoredRecord {
    /// Whether the record meets a condition.
    ///
    /// - Throws: `.corrupt` if the record is damaged.
    func matches(_ filter: StoredFilter) throws(StoreError) -> Bool {
        switch filter {
        case .within(let field, let intervals): return intervals.contains(try element(field))
        case .contains(let field, let element): return try elements(ofList: field).contains(element)
        case .not(let filter): return try !matches(filter)
        case .all(let filters):
            for filter in filters where try !matches(filter) { return false }
            return true
        case .any(let filters):
            for filter in filters where try matches(filter) { return true }
            return false
        }
    }
}
