import KVDS
import Synchronization

/// A table of a store, whose records any number of tasks may read and write.
///
/// Each call is atomic, also one that writes several records. Reads see the commits that were acknowledged before them.
/// All calls throw the errors of the store, and `.corrupt` or `.incompatibleSchema` for a record that cannot be
/// decoded, and `.migrationFailed` if a ``Migration`` of the table throws. Cancellation has the effect that it has on
/// the store's own calls.
public final class OpenTable<Record: Codable & Sendable>: RecordSource, Sendable {
    /// The declaration of the table.
    public let table: Table<Record>
    let store: any KeyValueStore
    let coder: RecordCoder<Record>
    let own: TableExpectations
    let building: IndexBuilding
    let migrations: [PreparedMigration<Record>]
    /// The fields that the elements of a key equal; nil for an element that is computed.
    let keyFields: [StoredField?]
    let compression: TableCompression
    private let known: Mutex<CatalogState?> = Mutex(nil)
    /// The fields of properties that queries have used.
    private let fields: Mutex<[Property: StoredField]> = Mutex([:])

    init(
        _ table: Table<Record>, on store: any KeyValueStore, _ coder: RecordCoder<Record>, _ own: TableExpectations,
        _ building: IndexBuilding, _ migrations: [PreparedMigration<Record>] = []
    ) {
        (self.table, self.store, self.coder, self.own, self.building) = (table, store, coder, own, building)
        self.migrations = migrations
        keyFields = table.keyFields(own)
        compression = TableCompression(table.compression, table: table.name)
    }

    /// Reads the catalog again.
    @discardableResult
    func refresh() async throws(StoreError) -> CatalogState {
        note(try await readCatalog(of: store))
    }

    /// Remembers the catalog. If it was read before another task's, the next write fails its condition and reads again.
    @discardableResult
    func note(_ state: CatalogState) -> CatalogState {
        known.withLock { $0 = state }
        return state
    }

    /// What a store, a snapshot or a transaction has in its catalog.
    private func readCatalog(of source: any StoreReader) async throws(StoreError) -> CatalogState {
        try await Catalog(store: source, table: table.name).state(own)
    }

    /// The catalog as `source` has it, whatever was last read of it. Writes of transactions and indexes need it.
    func checkedState(in source: any StoreReader) async throws(StoreError) -> CatalogState {
        let state = try await state()
        if try await source.get(Keyspace.table(table.name)) == state.bytes, state.isRegistered { return state }
        return try await currentState(in: source)
    }

    /// The field of a property.
    ///
    /// - Throws: `.incompatibleSchema` if the property is not stored under its name, or cannot be compared.
    func field(_ property: Property) throws(StoreError) -> StoredField {
        if let field = fields.withLock({ $0[property] }) { return field }
        let field = try own.schema.field(property, table.name, own.fields)
        fields.withLock { $0[property] = field }
        return field
    }

    /// The catalog as a reader or a transaction of the store sees it.
    ///
    /// As long as the own schema is not registered, another program may be faster, and the state of the source is read.
    func state(in source: any StoreReader) async throws(StoreError) -> CatalogState {
        let state = try await state()
        return state.isRegistered ? state : try await currentState(in: source)
    }

    /// The catalog of a source, which is remembered if the source is the store.
    private func currentState(in source: any StoreReader) async throws(StoreError) -> CatalogState {
        source is any KeyValueStore ? try await refresh() : try await readCatalog(of: source)
    }

    /// What was last read of the catalog.
    func state() async throws(StoreError) -> CatalogState {
        if let state = known.withLock({ $0 }) { return state }
        return try await refresh()
    }

    /// The key of a record in the store.
    func storeKey(of record: Record, _ state: CatalogState) -> Bytes {
        var writer = TupleWriter(after: state.prefix)
        table.appendKey(record, &writer)
        return writer.bytes()
    }

    /// The key in the store of elements that a caller gives.
    func storeKey(of key: Tuple, _ state: CatalogState) -> Bytes {
        var writer = TupleWriter(after: state.prefix)
        writer.write(key.packed.span)
        return writer.bytes()
    }

    /// The elements of a key that a caller gives, as a tuple.
    ///
    /// - Throws: `.invalidKey` if the table has keys of other kinds.
    func checked<each Part: TupleElement>(_ parts: repeat each Part) throws(StoreError) -> Tuple {
        var writer = TupleWriter()
        repeat writer.append(key: each parts)
        return try checked(writer.tuple())
    }

    func checked(_ key: Tuple) throws(StoreError) -> Tuple {
        if key.hasKinds(own.key.kinds) { return key }
        throw StoreError(
            .invalidKey,
            "The keys of the table \(table.name) are (\(own.key.kinds.joined(separator: ", "))), not "
                + "(\(key.kinds.joined(separator: ", "))).")
    }

    func decode(_ record: StoredRecord) throws(StoreError) -> Record {
        try coder.decode(record.bytes, writtenWith: record.layout, expecting: own.fields)
    }

    /// The old value of a record that is being written, with its schema; nil if there is none.
    func oldRecord(_ value: Bytes?, _ state: CatalogState) async throws(StoreError) -> StoredRecord? {
        guard let value else { return nil }
        return try await storedRecord(value, state, store)
    }

    /// The value of a record that was read from `source`, with its schema.
    func storedRecord(
        _ value: Bytes, _ state: CatalogState, _ source: any StoreReader
    ) async throws(StoreError) -> StoredRecord {
        try await versionedRecord(value, state, source).stored
    }

    /// The value of a record that was read from `source`, with its schema and the position of its migration.
    func versionedRecord(
        _ value: Bytes, _ state: CatalogState, _ source: any StoreReader
    ) async throws(StoreError) -> (stored: StoredRecord, migration: Int?) {
        let header = try RecordHeader.read(value)
        let version = header.version
        var state = state
        if state.versions[version] == nil {
            // Another program has added a version since the catalog was read.
            if let known = known.withLock({ $0 }), known.versions[version] != nil {
                state = known
            } else {
                state = try await currentState(in: source)
            }
        }
        guard let layout = state.versions[version] else {
            throw StoreError(
                .corrupt,
                "A record of the table \(table.name) has version \(version) of its schema, which the catalog "
                    + "does not have.")
        }
        let bytes =
            header.form == .plain
            ? value.slice(header.length..<value.count)
            : try await compression.record(in: value, header, number: state.description.number, source)
        return (StoredRecord(bytes: bytes, layout: layout), state.migrations[version])
    }

    /// Encodes a record.
    ///
    /// - Throws: `.invalidRecord` if it cannot be encoded.
    func encode(_ record: Record, _ state: CatalogState) throws(StoreError) -> EncodedRecord {
        let writer = ByteWriter()
        RecordHeader.append(state.ownVersion, to: writer)
        let header = writer.count
        try coder.encode(record, to: writer)
        let plain = writer.bytes
        let value =
            table.compression == nil ? plain : compression.value(writer, header: header, version: state.ownVersion)
        return EncodedRecord(
            value: value, stored: StoredRecord(bytes: plain.slice(header..<plain.count), layout: coder.layout))
    }
}

/// A record as it will be stored.
struct EncodedRecord {
    /// The value in the store.
    let value: Bytes
    /// The part of it that has the fields.
    let stored: StoredRecord
}
