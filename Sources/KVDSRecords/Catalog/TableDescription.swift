import KVDS

/// What the catalog says about a table.
struct TableDescription: Equatable {
    /// The version of this form of the catalog.
    static let format = 1

    /// The number of the table in keys.
    var number: Int
    /// The newest version of the schema.
    var version: Int
    /// The kinds of the elements of a key, such as `string`.
    var keyKinds: [String]

    var bytes: Bytes {
        Tuple(Self.format, number, version, Tuple(elements: keyKinds.map { .string($0) })).packed
    }

    init(number: Int, version: Int, keyKinds: [String]) {
        (self.number, self.version, self.keyKinds) = (number, version, keyKinds)
    }

    /// - Throws: `.newerFormat` if a newer version of this package wrote it; `.corrupt` if it is damaged.
    init(_ bytes: Bytes, table: String) throws(StoreError) {
        do throws(StoreError) {
            let tuple = try Tuple(unpacking: bytes)
            let format = try tuple[0, as: Int.self]
            if format > Self.format {
                throw StoreError(.newerFormat, "The table \(table) was written by a newer version of this package.")
            }
            let kinds = try tuple[3, as: Tuple.self]
            keyKinds = []
            for position in 0..<kinds.count { keyKinds.append(try kinds[position, as: String.self]) }
            (number, version) = try (tuple[1, as: Int.self], tuple[2, as: Int.self])
            guard number > 0, version > 0 else { throw StoreError(.corrupt, "") }
        } catch {
            if error.code == .newerFormat { throw error }
            throw StoreError(.corrupt, "The description of the table \(table) in the catalog is damaged.")
        }
    }
}
