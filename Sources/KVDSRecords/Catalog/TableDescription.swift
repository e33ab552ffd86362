import KVDS

/// What the catalog says about a table.
struct TableDescription: Equatable {
    /// The version of this form of the catalog.
    static let format = 1

    /// The number of the table in keys.
    var number: Int
    /// The newest version of the schema.
    var version: Int
    var key: KeyDescription
    /// The indexes, in the order in which they were added.
    var indexes: [IndexDescription] = []
    /// The greatest number that an index has had.
    var lastIndex = 0
    /// The versions whose records were rewritten, or are being rewritten.
    var retired = RetiredVersions()

    var bytes: Bytes {
        func tuple(_ words: [String]) -> Tuple { Tuple(elements: words.map { .string($0) }) }
        let indexes = Tuple(elements: indexes.map { .tuple($0.tuple) })
        let words = Tuple(Self.format, number, version, tuple(key.kinds), tuple(key.names), indexes, lastIndex)
        return retired.isNone ? words.packed : Tuple(elements: Array(words) + [.tuple(retired.tuple)]).packed
    }

    init(number: Int, version: Int, key: KeyDescription) {
        (self.number, self.version, self.key) = (number, version, key)
    }

    /// - Throws: `.newerFormat` if a newer version of this package wrote it; `.corrupt` if it is damaged.
    init(_ bytes: Bytes, table: String) throws(StoreError) {
        do throws(StoreError) {
            let tuple = try Tuple(unpacking: bytes)
            let format = try tuple[0, as: Int.self]
            if format > Self.format {
                throw StoreError(.newerFormat, "The table \(table) was written by a newer version of this package.")
            }
            key = KeyDescription(
                kinds: try tuple[3, as: Tuple.self].strings(), names: try tuple[4, as: Tuple.self].strings())
            for index in try tuple[5, as: Tuple.self].tuples() { indexes.append(try IndexDescription(index)) }
            lastIndex = try tuple[6, as: Int.self]
            if tuple.count > 7 { retired = try RetiredVersions(try tuple[7, as: Tuple.self]) }
            (number, version) = try (tuple[1, as: Int.self], tuple[2, as: Int.self])
            guard number > 0, 0..<Int.max ~= lastIndex, indexes.allSatisfy({ $0.number <= lastIndex }),
                1..<Int.max ~= version
            else { throw StoreError(.corrupt, "") }
        } catch {
            if error.code == .newerFormat { throw error }
            throw StoreError(.corrupt, "The description of the table \(table) in the catalog is damaged.")
        }
    }
}

extension TableDescription {
    /// Adds an index, with a new number.
    mutating func add(_ index: IndexDescription, _ phase: IndexDescription.Phase) {
        lastIndex += 1
        var index = index
        (index.number, index.phase) = (lastIndex, phase)
        indexes.append(index)
    }

    /// The index with a name. One that is being dropped has none.
    func index(_ name: String) -> IndexDescription? { indexes.first { $0.name == name && $0.isMaintained } }

    /// Changes the index with a number; nil removes it.
    mutating func set(_ number: Int, _ phase: IndexDescription.Phase?) {
        guard let position = indexes.firstIndex(where: { $0.number == number }) else { return }
        if let phase { indexes[position].phase = phase } else { indexes.remove(at: position) }
    }
}
