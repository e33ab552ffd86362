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

    var bytes: Bytes {
        func tuple(_ words: [String]) -> Tuple { Tuple(elements: words.map { .string($0) }) }
        return Tuple(Self.format, number, version, tuple(key.kinds), tuple(key.names)).packed
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
            key = KeyDescription(kinds: try tuple.words(at: 3), names: try tuple.words(at: 4))
            (number, version) = try (tuple[1, as: Int.self], tuple[2, as: Int.self])
            guard number > 0, 1..<Int.max ~= version else { throw StoreError(.corrupt, "") }
        } catch {
            if error.code == .newerFormat { throw error }
            throw StoreError(.corrupt, "The description of the table \(table) in the catalog is damaged.")
        }
    }
}

extension Tuple {
    /// The elements of a nested tuple of strings.
    fileprivate func words(at position: Int) throws(StoreError) -> [String] {
        let words = try self[position, as: Tuple.self]
        var result: [String] = []
        for position in 0..<words.count { result.append(try words[position, as: String.self]) }
        return result
    }
}
