import KVDS

/// How a query reads its records, and why.
public struct QueryPlan: Hashable, Sendable, CustomStringConvertible {
    /// What is read.
    public enum Access: Hashable, Sendable {
        /// All records.
        case scan
        /// The records in some ranges of keys.
        case key
        /// The index with this name, and the records that it leads to.
        case index(String)
        /// The index with this name alone: for ``Query/count()``.
        case indexOnly(String)
    }

    /// What is read.
    public let access: Access
    /// The number of ranges of keys that are read.
    public let ranges: Int
    /// Whether the records are sorted in memory.
    public let sorts: Bool
    /// Whether the filter or a closure is checked for each record that is read.
    public let filters: Bool
    /// Why this way was chosen, in words. The words may change.
    public let reason: String

    public var description: String {
        var text =
            switch access {
            case .scan: "scan of all records"
            case .key: "records by key"
            case .index(let name): "records by index \(name)"
            case .indexOnly(let name): "index \(name) alone"
            }
        text += ", \(ranges) \(ranges == 1 ? "range" : "ranges")"
        if filters { text += ", filtered" }
        if sorts { text += ", sorted in memory" }
        return "\(text): \(reason)"
    }
}

extension Query {
    /// How the iteration of this query would read its records now.
    ///
    /// - Throws: as the iteration.
    public func explain() async throws -> QueryPlan { try await explain(counting: false) }

    /// How ``count()`` would count the records now.
    ///
    /// - Throws: as the iteration.
    public func explainCount() async throws -> QueryPlan { try await explain(counting: true) }

    private func explain(counting: Bool) async throws -> QueryPlan { try await session().plan(counting: counting) }
}

extension QuerySession {
    /// How records are read, or counted.
    func plan(counting: Bool = false) throws(StoreError) -> QueryPlan {
        let countPath = counting ? countPath : nil
        let path = if let countPath { countPath } else { try path() }
        let access: QueryPlan.Access =
            if let name = path.indexName {
                countPath == nil ? .index(name) : .indexOnly(name)
            } else {
                path.boundFields == 0 ? .scan : .key
            }
        return QueryPlan(
            access: access, ranges: path.ranges.count, sorts: path.order == nil && !counting,
            filters: countPath == nil && (!path.isExact || test != nil), reason: reason(path))
    }

    /// Why a path was chosen.
    private func reason(_ path: AccessPath) -> String {
        var reasons: [String] = []
        let place = path.indexName.map { "the index \($0)" } ?? "the key"
        if path.boundFields > 0 {
            reasons.append(
                "the filter bounds \(path.boundFields) \(path.boundFields == 1 ? "field" : "fields") of \(place)")
        } else if path.indexName == nil {
            reasons.append("no index that is ready bounds the filter's fields")
        } else if path.isExact {
            reasons.append("\(place) has exactly the wanted records")
        }
        if !query.order.isEmpty {
            reasons.append(path.order == nil ? "nothing read has the wanted order" : "\(place) has the wanted order")
        }
        let building = state.description.indexes.filter { $0.phase == .building }.map(\.name)
        if !building.isEmpty { reasons.append("not ready yet: \(building.joined(separator: ", "))") }
        return reasons.joined(separator: "; ")
    }
}
