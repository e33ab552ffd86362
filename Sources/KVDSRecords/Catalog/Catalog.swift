import KVDS

/// What a program expects of a table.
struct TableExpectations: Sendable {
    /// The schema of its type of records.
    let schema: Schema
    /// The kinds and the names of the elements of the keys.
    let key: KeyDescription
    let fields: FieldExpectations
    /// The declared indexes, without numbers.
    let indexes: [IndexDescription]
    /// The shapes of the types that are migrated.
    var migrations: [Schema] = []
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

    /// - Throws: `.incompatibleSchema` if the keys have other kinds, the schema is new and a version in the catalog
    ///   cannot be read as it, or an index is declared otherwise; `.corrupt` if the catalog is damaged.
    func state(_ own: TableExpectations) async throws(StoreError) -> CatalogState {
        guard let (bytes, description) = try await description() else { return try await newTable(own) }
        try description.key.expectSame(as: own.key, table, own.fields)
        var versions: [Int: SchemaLayout] = [:]
        var ownVersion: Int?
        for version in 1...description.version {
            let stored = try await storedSchema(description.number, version: version)
            versions[version] = SchemaLayout(stored)
            if stored == own.schema { ownVersion = version }
        }
        let missing = try description.missingIndexes(own.indexes, table)
        let migrations = own.migrations(of: versions, except: ownVersion)
        if let ownVersion {
            let (description, registration) = description.reviving(ownVersion, table, bytes)
            return CatalogState(
                description, bytes, versions: versions, ownVersion: ownVersion, missingIndexes: missing,
                migrations: migrations, registration: registration)
        }
        for (version, layout) in versions.sorted(by: { $0.key < $1.key }) where migrations[version] == nil {
            try SchemaCompatibility.check(
                own.schema, reads: layout.schema, version: version, table: table, own.fields)
        }
        var newer = description
        newer.version += 1
        newer.addPaths(of: own.indexes, versions)
        return CatalogState(
            newer, bytes, versions: versions, ownVersion: newer.version,
            missingIndexes: missing.filter { newer.index($0.name)?.knowsPaths(of: $0) != true }, migrations: migrations,
            registration: Registration(table, newer, own.schema, old: bytes, last: nil))
    }

    /// The state for a table that the catalog does not have. Its indexes are complete, because it has no records.
    private func newTable(_ own: TableExpectations) async throws(StoreError) -> CatalogState {
        let last = try await store.get(Keyspace.lastTable)
        let number = try last.map(lastNumber) ?? 0
        var description = TableDescription(number: number + 1, version: 1, key: own.key)
        for index in own.indexes { description.add(index, .ready) }
        return CatalogState(
            description, nil, versions: [:], ownVersion: 1,
            registration: Registration(table, description, own.schema, old: nil, last: last))
    }
}

extension TableDescription {
    /// The declared indexes that the catalog does not have, or whose fields have names that it does not know.
    ///
    /// - Throws: `.incompatibleSchema` if an index has other fields in the catalog.
    fileprivate func missingIndexes(
        _ declared: [IndexDescription], _ table: String
    ) throws(StoreError) -> [IndexDescription] {
        var missing: [IndexDescription] = []
        for declared in declared {
            guard let stored = index(declared.name) else {
                missing.append(declared)
                continue
            }
            guard stored.serves(as: declared) else {
                throw StoreError(
                    .incompatibleSchema,
                    "The index \(declared.name) of the table \(table) has other fields in the store. Give the new "
                        + "index another name, and drop the old one.")
            }
            if !stored.knowsPaths(of: declared) { missing.append(declared) }
        }
        return missing
    }

    /// Adds the new names of the fields of indexes, unless that changes the entries of records: such an index is built
    /// anew.
    fileprivate mutating func addPaths(of declared: [IndexDescription], _ versions: [Int: SchemaLayout]) {
        for declared in declared {
            guard let position = indexes.firstIndex(where: { $0.name == declared.name && $0.isMaintained }) else {
                continue
            }
            let renamed = indexes[position].addingPaths(of: declared)
            if indexes[position].hasEntries(of: renamed, versions) { indexes[position] = renamed }
        }
    }
}
