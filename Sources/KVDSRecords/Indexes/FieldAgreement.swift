import KVDS

/// Whether two lists of names mean one field.
///
/// A field has several names after it was renamed. A record has the field that its schema has of them first. Where a
/// version has two of the names, for two fields, the order of the names decides.
extension SchemaLayout {
    /// The first of some paths that records of this schema have.
    func firstPath(_ paths: [String]) -> String? { paths.first { has($0[...], root) } }

    private func has(_ path: Substring, _ node: TypeNode) -> Bool {
        guard node.kind == .record, case .record(let record) = types[node.index] else { return false }
        let dot = path.firstIndex(of: ".")
        guard let position = record.position(String(dot.map { path[..<$0] } ?? path)) else { return false }
        guard let dot else { return true }
        return has(path[path.index(after: dot)...], record.fields[position].node)
    }
}

extension IndexDescription {
    /// Whether entries with the fields of `other`, which has further names, equal those of this index for records of
    /// every version.
    func hasEntries(of other: IndexDescription, _ versions: [Int: SchemaLayout]) -> Bool {
        zip(references, other.references).allSatisfy { old, new in
            old.paths == new.paths || versions.values.allSatisfy { $0.firstPath(old.paths) == $0.firstPath(new.paths) }
        }
    }

    /// Whether the entries have what the fields of a query mean: no version has one field for the index and another
    /// one for the query.
    func agrees(with query: StoredQuery, _ versions: [Int: SchemaLayout]) -> Bool {
        let wanted = query.filter.references + query.order.map(\.field)
        return references.allSatisfy { field in
            wanted.allSatisfy { other in
                if field.paths == other.paths || !field.isSame(as: other) { return true }
                return versions.values.allSatisfy { $0.firstPath(field.paths) == $0.firstPath(other.paths) }
            }
        }
    }
}
