import KVDS

/// What the catalog of a store says about a table, as a program with a certain type of records sees it.
struct CatalogState {
    let description: TableDescription
    /// The schemas that the catalog has, by version. An own schema that is not registered yet is not among them: its
    /// version may become that of another program's schema.
    let versions: [Int: SchemaLayout]
    /// The version of the program's own schema.
    let ownVersion: Int
    /// What the first write adds to the catalog; nil if everything is there.
    let registration: Registration?
    /// Whether the catalog does not have the table. Its number may then become that of another table.
    let isNew: Bool
    /// The beginning of the keys of the table's records.
    let prefix: Bytes

    init(
        _ description: TableDescription, versions: [Int: SchemaLayout], ownVersion: Int,
        registration: Registration? = nil, isNew: Bool = false
    ) {
        (self.description, self.versions, self.ownVersion) = (description, versions, ownVersion)
        (self.registration, self.isNew) = (registration, isNew)
        prefix = Keyspace.records(description.number)
    }

    /// The state after the registration was committed.
    func registered(_ schema: SchemaLayout) -> CatalogState {
        CatalogState(
            description, versions: versions.merging([ownVersion: schema]) { $1 }, ownVersion: ownVersion)
    }
}

/// The part of a store's catalog that is about one table.
struct Catalog {
    let store: any StoreReader
    let table: String

    func description() async throws(StoreError) -> (bytes: Bytes, parsed: TableDescription)? {
        guard let bytes = try await store.get(Keyspace.table(table)) else { return nil }
        return (bytes, try TableDescription(bytes, table: table))
    }

    /// - Throws: `.corrupt` if the catalog does not have it, or it is damaged.
    func storedSchema(_ number: Int, version: Int) async throws(StoreError) -> Schema {
        guard let bytes = try await store.get(Keyspace.schema(number, version: version)) else {
            throw StoreError(.corrupt, "The catalog lacks version \(version) of the schema of the table \(table).")
        }
        return try Schema(packed: bytes)
    }

    private func lastNumber(_ bytes: Bytes) throws(StoreError) -> Int {
        guard let tuple = try? Tuple(unpacking: bytes), let number = try? tuple[0, as: Int.self], 1..<Int.max ~= number
        else {
            throw StoreError(.corrupt, "The number of the last table in the catalog is damaged.")
        }
        return number
    }

    /// - Parameters:
    ///   - schema: the schema of the program's type.
    ///   - key: the kinds and the names of the elements of its keys.
    /// - Throws: `.incompatibleSchema` if the keys have other kinds, or the schema is new and a version in the catalog
    ///   cannot be read as it; `.corrupt` if the catalog is damaged.
    func state(
        _ schema: Schema, _ key: KeyDescription, _ expectations: FieldExpectations
    ) async throws(StoreError) -> CatalogState {
        guard let (bytes, description) = try await description() else {
            let last = try await store.get(Keyspace.lastTable)
            let number = try last.map(lastNumber) ?? 0
            let description = TableDescription(number: number + 1, version: 1, key: key)
            return CatalogState(
                description, versions: [:], ownVersion: 1,
                registration: Registration(table, description, schema, old: nil, last: last), isNew: true)
        }
        try description.key.expectSame(as: key, table, expectations)
        var versions: [Int: SchemaLayout] = [:]
        var ownVersion: Int?
        for version in 1...description.version {
            let stored = try await storedSchema(description.number, version: version)
            versions[version] = SchemaLayout(stored)
            if stored == schema { ownVersion = version }
        }
        if let ownVersion { return CatalogState(description, versions: versions, ownVersion: ownVersion) }
        for (version, layout) in versions.sorted(by: { $0.key < $1.key }) {
            try SchemaCompatibility.check(
                schema, reads: layout.schema, version: version, table: table, expectations)
        }
        var newer = description
        newer.version += 1
        return CatalogState(
            newer, versions: versions, ownVersion: newer.version,
            registration: Registration(table, newer, schema, old: bytes, last: nil))
    }
}
