import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Chooses how to read the records of a query.
struct Planner {
    private let state: CatalogState
    private let query: StoredQuery
    private let keyFields: [StoredField?]
    private let conjuncts: [StoredFilter]

    /// - Parameter keyFields: the fields that the elements of a key equal; nil for an element that is computed.
    init(_ state: CatalogState, _ query: StoredQuery, keyFields: [StoredField?]) {
        (self.state, self.query) = (state, query)
        conjuncts = query.filter.conjuncts
        // Another field may have a name that a field of the key once had.
        let wanted = query.filter.references + query.order.map(\.field)
        self.keyFields = keyFields.map { field in
            field.flatMap { field in wanted.contains { $0.isSame(as: field) && $0 != field } ? nil : field }
        }
    }

    /// The possible ways to read the records, the best first. The last one may be a scan of all records.
    ///
    /// Better is a path with more fields of one value, then one with more bounded fields, then one that needs no
    /// sorting. The records themselves are better than an index that is as good.
    func paths() -> [AccessPath] {
        var paths = [recordPath()]
        for index in state.maintained where index.description.phase == .ready && !state.mayMigrate {
            guard index.description.agrees(with: query, state.versions) else { continue }
            if let path = path(index) { paths.append(path) }
        }
        return paths.enumerated().sorted { left, right in
            let (a, b) = (rank(left.element), rank(right.element))
            return a == b ? left.offset < right.offset : b.lexicographicallyPrecedes(a)
        }.map(\.element)
    }

    private func rank(_ path: AccessPath) -> [Int] {
        let needsNoSorting = path.order != nil && !query.order.isEmpty
        return [path.fixedFields, path.boundFields, needsNoSorting ? 1 : 0, path.isExact ? 1 : 0]
    }

    private func recordPath() -> AccessPath {
        var path = AccessPath(source: .records)
        path.bind(state.prefix, keyFields.map { (.ascending, $0.flatMap { intervals($0)?.ofKey($0.kind) }) })
        let bound = keyFields.prefix(path.boundFields).compactMap(\.self)
        // A date in a key can stand for several dates.
        path.isExact = bound.allSatisfy { $0.kind != .date } && conjuncts.allSatisfy { isBound($0, bound) }
        path.order = order(keyFields.map { $0.map { IndexField(field: $0, order: .ascending) } }, path, .ascending)
        return path
    }

    /// - Returns: nil if the index is of no use for the query.
    private func path(_ index: MaintainedIndex) -> AccessPath? {
        let implied = index.description.predicate?.conjuncts ?? []
        guard implied.allSatisfy(isImplied) else { return nil }
        let fields = index.description.fields
        var path = AccessPath(source: .index(index))
        path.bind(index.prefix, fields.map { ($0.order, intervals($0.field)) })
        let bound = fields.prefix(path.boundFields).map(\.field)
        // Without a bound on its list, an index has several entries for one record, or none.
        if fields[0].field.isList, bound.isEmpty { return nil }
        path.isExact = conjuncts.allSatisfy { isBound($0, bound) || implied.contains($0) }
        path.order = order(fields, path, index.description.keyOrder)
        let isUseful = !bound.isEmpty || !implied.isEmpty || path.order != nil && !query.order.isEmpty
        return isUseful ? path : nil
    }

    /// What the filter wants of a field; nil if it says nothing about it.
    private func intervals(_ field: StoredField) -> ElementIntervals? {
        for conjunct in conjuncts {
            switch conjunct {
            case .within(let other, let intervals) where other.isSame(as: field): return intervals
            case .contains(let other, let element) where other.isSame(as: field): return ElementIntervals(element)
            default: continue
            }
        }
        return nil
    }

    /// Whether the ranges of a path with these bounded fields have only records that meet a condition.
    private func isBound(_ condition: StoredFilter, _ fields: [StoredField]) -> Bool {
        switch condition {
        case .within(let field, _): fields.contains { $0.isSame(as: field) }
        // Only the first of several conditions on a list is a bound.
        case .contains(let field, let element):
            fields.contains { $0.isSame(as: field) } && intervals(field) == ElementIntervals(element)
        case .all, .any, .not: false
        }
    }

    /// Whether every record that matches the query meets a condition.
    private func isImplied(_ condition: StoredFilter) -> Bool {
        if conjuncts.contains(condition) { return true }
        guard case .within(let field, let wanted) = condition, let known = intervals(field) else { return false }
        return known.isSubset(of: wanted)
    }

    /// The direction in which a path has the wanted order.
    ///
    /// - Parameters:
    ///   - fields: those of the index or the key.
    ///   - keyOrder: the direction of the keys of records with equal fields.
    private func order(_ fields: [IndexField?], _ path: AccessPath, _ keyOrder: ElementOrder) -> ScanOrder? {
        if query.order.isEmpty { return .forward }
        let fixed = fields.prefix(path.fixedFields).compactMap(\.self)
        let rest = fields.dropFirst(path.fixedFields)
        let terms = query.order.filter { term in !fixed.contains { $0.field.isSame(as: term.field) } }
        // After the last term, records must be ordered by their keys, not by further fields of an index.
        let isRecords = path.number == 0
        guard isRecords ? terms.count <= rest.count : terms.count == rest.count else { return nil }
        var sameDirections = [keyOrder == query.keyOrder]
        for (term, field) in zip(terms, rest) {
            guard let field, field.field.isSame(as: term.field) else { return nil }
            sameDirections.append(field.order == term.order)
        }
        if sameDirections.allSatisfy(\.self) { return .forward }
        return sameDirections.contains(true) ? nil : .reverse
    }
}

extension ElementIntervals {
    /// The elements of keys whose fields have these elements, and perhaps some more. A date has another element in a
    /// key, which it may share with dates that differ by less than a microsecond.
    fileprivate func ofKey(_ kind: ElementKind) -> ElementIntervals {
        guard kind == .date else { return self }
        return ElementIntervals(
            intervals.map {
                ElementInterval(lower: $0.lower.ofKeyDate(.before), upper: $0.upper.ofKeyDate(.after))
            })
    }
}

extension ElementBound {
    fileprivate func ofKeyDate(_ side: Side) -> ElementBound {
        guard !isPartial, let tuple = try? Tuple(unpacking: bytes), let seconds = try? tuple[0, as: Double.self] else {
            return self
        }
        var writer = TupleWriter()
        writer.append(Date(timeIntervalSinceReferenceDate: seconds))
        return ElementBound(side, writer.bytes())
    }
}
