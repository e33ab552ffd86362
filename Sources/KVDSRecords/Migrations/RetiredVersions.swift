import KVDS

/// The versions of a schema whose records were rewritten, as the catalog lists them.
///
/// A program that writes a record of such a version removes the version from here in the same commit. So the list is
/// right whatever older programs do.
struct RetiredVersions: Equatable {
    /// The versions whose records are being rewritten: no record of them has a key up to the stored progress.
    var leaving: Set<Int> = []
    /// The versions that no record has.
    var empty: Set<Int> = []

    var isNone: Bool { leaving.isEmpty && empty.isEmpty }

    func contains(_ version: Int) -> Bool { leaving.contains(version) || empty.contains(version) }

    mutating func remove(_ version: Int) {
        leaving.remove(version)
        empty.remove(version)
    }

    /// The form in which the catalog stores the versions.
    var tuple: Tuple {
        func numbers(_ versions: Set<Int>) -> Tuple {
            Tuple(elements: versions.sorted().map { .integer(Int128($0)) })
        }
        return Tuple(numbers(leaving), numbers(empty))
    }

    init() {}

    /// - Throws: if the tuple has another form.
    init(_ tuple: Tuple) throws(StoreError) {
        func numbers(_ position: Int) throws(StoreError) -> Set<Int> {
            let tuple = try tuple[position, as: Tuple.self]
            var versions: Set<Int> = []
            for position in 0..<tuple.count { versions.insert(try tuple[position, as: Int.self]) }
            return versions
        }
        (leaving, empty) = (try numbers(0), try numbers(1))
    }
}

extension TableDescription {
    /// The description for a program that writes records of a version, and what its first write changes in the catalog;
    /// nil if that is nothing.
    ///
    /// - Parameter bytes: the description as it is in the catalog.
    func reviving(_ version: Int, _ table: String, _ bytes: Bytes) -> (TableDescription, Registration?) {
        guard retired.contains(version) else { return (self, nil) }
        var revived = self
        revived.retired.remove(version)
        return (revived, Registration(table, from: bytes, to: revived))
    }
}
