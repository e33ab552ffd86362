import KVDS

extension OpenTable {
    /// Decodes the value of a record that was read from `source`. A record of a version with a migration is migrated.
    ///
    /// - Parameter key: the key in the store.
    func decode(
        _ value: Bytes, _ state: CatalogState, _ source: any StoreReader, at key: Bytes
    ) async throws(StoreError) -> Record {
        let (stored, migration) = try await versionedRecord(value, state, source)
        if let record = try migrated(stored, migration, key, state) { return record }
        return try decode(stored)
    }

    /// The value of a record for queries. A record of a version with a migration is as if it was rewritten.
    ///
    /// Indexes do not use this form: their entries are always made from the stored bytes.
    func readableRecord(
        _ value: Bytes, _ state: CatalogState, _ source: any StoreReader, at key: Bytes
    ) async throws(StoreError) -> StoredRecord {
        let (stored, migration) = try await versionedRecord(value, state, source)
        guard let record = try migrated(stored, migration, key, state) else { return stored }
        return StoredRecord(bytes: try coder.encode(record), layout: coder.layout)
    }

    /// - Returns: nil if there is no migration for the record.
    private func migrated(
        _ stored: StoredRecord, _ migration: Int?, _ key: Bytes, _ state: CatalogState
    ) throws(StoreError) -> Record? {
        guard let migration else { return nil }
        let record: Record
        do throws(StoreError) { record = try migrations[migration].migrate(stored) } catch {
            guard error.code == .migrationFailed else { throw error }
            var named = error
            named.message = "The table \(table.name) cannot be read: \(error.message)"
            named.store = store.description
            throw named
        }
        try expectKey(key, of: record, state)
        return record
    }

    /// Checks that a migration has not changed the key of its record.
    func expectKey(_ key: Bytes, of record: Record, _ state: CatalogState) throws(StoreError) {
        if storeKey(of: record, state) == key { return }
        throw StoreError(
            .migrationFailed, "A migration of the table \(table.name) changed the key of its record.",
            store: store.description, key: key)
    }
}
