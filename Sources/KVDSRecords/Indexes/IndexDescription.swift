import KVDS

/// A field of an index.
struct IndexField: Hashable, Sendable {
    var field: StoredField
    let order: ElementOrder
}

/// What the catalog says about an index: all that is needed to maintain it without the Swift type of the records.
struct IndexDescription: Hashable, Sendable {
    /// How far an index is.
    enum Phase: String, Hashable, Sendable {
        /// Every write maintains it. Older records are being added.
        case building
        /// Every write maintains it, and queries use it.
        case ready
        /// Nothing maintains it. Its entries are being deleted.
        case dropping
    }

    let name: String
    /// The number of the index in keys, 1 or more; never used again.
    var number = 0
    let isUnique: Bool
    var phase = Phase.ready
    var fields: [IndexField]
    /// The records that the index contains; nil for all.
    var predicate: StoredFilter?

    var isMaintained: Bool { phase != .dropping }

    /// The direction in which records with equal fields are ordered by their keys.
    var keyOrder: ElementOrder { fields.last?.order ?? .ascending }

    /// All fields, with those of the predicate.
    var references: [StoredField] { fields.map(\.field) + (predicate?.references ?? []) }

    /// Whether this index serves as `declared`. Its fields may have had other names before.
    func serves(as declared: IndexDescription) -> Bool {
        func shape(_ index: IndexDescription) -> StoredFilterShape? { index.predicate?.shape }
        return isUnique == declared.isUnique && fields.map(\.order) == declared.fields.map(\.order)
            && shape(self) == shape(declared) && references.count == declared.references.count
            && zip(references, declared.references).allSatisfy { $0.isSame(as: $1) }
    }

    /// Whether every name that the fields of `declared` have is known here.
    func knowsPaths(of declared: IndexDescription) -> Bool { addingPaths(of: declared) == self }

    /// The description with the names that the fields of `declared`, which it serves as, have too.
    func addingPaths(of declared: IndexDescription) -> IndexDescription {
        func merged(_ field: StoredField, _ other: StoredField) -> StoredField {
            var field = field
            field.paths = other.paths.filter { !field.paths.contains($0) } + field.paths
            return field
        }
        var result = self
        for position in fields.indices {
            result.fields[position].field = merged(fields[position].field, declared.fields[position].field)
        }
        var others = (declared.predicate?.references ?? [])[...]
        result.predicate = predicate.map { $0.mapReferences { field in merged(field, others.popFirst() ?? field) } }
        return result
    }
}

/// A filter without its fields.
typealias StoredFilterShape = FilterNode<Int>

extension StoredFilter {
    fileprivate var shape: StoredFilterShape { mapReferences { _ in 0 } }
}
