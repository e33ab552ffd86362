import KVDS

/// What the catalog of a store says about a table, as a program with a certain type of records sees it.
struct CatalogState {
    let description: TableDescription
    /// The description as it is in the catalog; nil if the catalog does not have the table. Its number may then become
    /// that of another table.
    let bytes: Bytes?
    /// The schemas that the catalog has, by version. An own schema that is not registered yet is not among them: its
    /// version may become that of another program's schema.
    let versions: [Int: SchemaLayout]
    /// The version of the program's own schema.
    let ownVersion: Int
    /// The indexes that the program declares and the catalog does not have.
    let missingIndexes: [IndexDescription]
    /// Which of the declared migrations is for which version.
    let migrations: [Int: Int]
    /// What the first write adds to the catalog; nil if everything is there.
    let registration: Registration?
    /// The beginning of the keys of the table's records.
    let prefix: Bytes
    /// The indexes that every write maintains.
    let maintained: [MaintainedIndex]

    init(
        _ description: TableDescription, _ bytes: Bytes?, versions: [Int: SchemaLayout], ownVersion: Int,
        missingIndexes: [IndexDescription] = [], migrations: [Int: Int] = [:], registration: Registration? = nil
    ) {
        (self.description, self.bytes, self.versions, self.ownVersion) = (description, bytes, versions, ownVersion)
        (self.missingIndexes, self.migrations, self.registration) = (missingIndexes, migrations, registration)
        prefix = Keyspace.records(description.number)
        maintained = description.indexes.filter(\.isMaintained).map {
            MaintainedIndex(description: $0, prefix: Keyspace.entries(description.number, index: $0.number))
        }
    }

    var isNew: Bool { bytes == nil }

    /// The key of a record without the prefix of the table.
    ///
    /// - Parameter storeKey: the key in the store, which has the prefix.
    func recordKey(of storeKey: Bytes) -> Bytes { storeKey.slice(prefix.count..<storeKey.count) }

    /// Whether the catalog has the own schema.
    var isRegistered: Bool { versions[ownVersion] != nil }

    /// Whether there may be records that are migrated when they are read. Indexes have them as they are stored.
    var mayMigrate: Bool { migrations.keys.contains { !description.retired.empty.contains($0) } }

    /// Whether an index must be built or dropped.
    var needsIndexWork: Bool {
        !isNew && (!missingIndexes.isEmpty || description.indexes.contains { $0.phase != .ready })
    }

    /// The state after the registration was committed.
    func registered(_ schema: SchemaLayout) -> CatalogState {
        CatalogState(
            description, description.bytes, versions: versions.merging([ownVersion: schema]) { $1 },
            ownVersion: ownVersion, missingIndexes: missingIndexes, migrations: migrations)
    }
}
