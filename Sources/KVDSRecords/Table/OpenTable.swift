public import KVDS
import Synchronization

extension KeyValueStore {
    /// Opens a table: compares the schema of its records with the catalog of the store.
    ///
    /// Nothing is written. A new table, or a new version of the schema, is added to the catalog by the first write.
    ///
    /// - Parameter table: the declaration of the table.
    /// - Returns: the open table, which retains the store.
    /// - Throws: `.incompatibleSchema` if the type cannot be stored, its keys are of other kinds than those in the
    ///   store, or records in the store cannot be read as it; `.corrupt` if the catalog is damaged; the errors of
    ///   reading the store.
    public func open<Record>(_ table: Table<Record>) async throws(StoreError) -> OpenTable<Record> {
        let coder = try RecordCoder(Record.self)
        guard case .named(let position) = coder.layout.schema.root,
            case .record(_, let fields) = coder.layout.schema.types[position]
        else { throw StoreError(.incompatibleSchema, "The records of the table \(table.name) must be structs.") }
        let opened = OpenTable(
            table, on: self, coder, keyKinds: try table.keyKinds(), try FieldExpectations(table, fields))
        try await opened.refresh()
        return opened
    }
}

/// A table of a store, whose records any number of tasks may read and write.
///
/// Each call is atomic, also one that writes several records. Reads see the commits that were acknowledged before them.
/// All calls throw the errors of the store, and `.corrupt` or `.incompatibleSchema` for a record that cannot be
/// decoded. Cancellation has the effect that it has on the store's own calls.
public final class OpenTable<Record: Codable & Sendable>: Sendable {
    /// The declaration of the table.
    public let table: Table<Record>
    let store: any KeyValueStore
    let coder: RecordCoder<Record>
    private let keyKinds: [String]
    let expectations: FieldExpectations
    private let known: Mutex<CatalogState?> = Mutex(nil)

    init(
        _ table: Table<Record>, on store: any KeyValueStore, _ coder: RecordCoder<Record>, keyKinds: [String],
        _ expectations: FieldExpectations
    ) {
        (self.table, self.store, self.coder) = (table, store, coder)
        (self.keyKinds, self.expectations) = (keyKinds, expectations)
    }

    /// Reads the catalog again.
    @discardableResult
    func refresh() async throws(StoreError) -> CatalogState {
        let state = try await readCatalog(of: store)
        known.withLock { $0 = state }
        return state
    }

    /// What a store or a transaction has in its catalog.
    func readCatalog(of source: any StoreReader) async throws(StoreError) -> CatalogState {
        try await Catalog(store: source, table: table.name)
            .state(coder.layout.schema, keyKinds: keyKinds, expectations)
    }

    /// The catalog as a reader of the table sees it.
    ///
    /// - Returns: nil if the table is not in the catalog, so it has no records.
    func state(in source: any StoreReader) async throws(StoreError) -> CatalogState? {
        let state = try await state()
        if !state.isNew { return state }
        // Another table object may have made the first write.
        let current = source is any KeyValueStore ? try await refresh() : try await readCatalog(of: source)
        return current.isNew ? nil : current
    }

    /// What was last read of the catalog.
    func state() async throws(StoreError) -> CatalogState {
        if let state = known.withLock({ $0 }) { return state }
        return try await refresh()
    }

    /// The bytes of a key in the store.
    func storeKey(_ state: CatalogState, _ append: (inout TupleWriter) -> Void) -> Bytes {
        var writer = TupleWriter(after: Keyspace.records(state.description.number))
        append(&writer)
        return writer.bytes()
    }

    /// The bytes of a key that a caller gives by its elements.
    ///
    /// - Throws: `.invalidKey` if the table has keys of other kinds.
    func storeKey<each Part: TupleElement>(
        _ state: CatalogState, _ parts: repeat each Part
    ) throws(StoreError) -> Bytes {
        try storeKey(state, of: Tuple(repeat each parts))
    }

    /// The bytes of a key that a caller gives as a tuple.
    ///
    /// - Throws: `.invalidKey` if the table has keys of other kinds.
    func storeKey(_ state: CatalogState, of key: Tuple) throws(StoreError) -> Bytes {
        guard key.kinds == keyKinds else {
            throw StoreError(
                .invalidKey,
                "The keys of the table \(table.name) are (\(keyKinds.joined(separator: ", "))), not "
                    + "(\(key.kinds.joined(separator: ", "))).")
        }
        return storeKey(state) { writer in for element in key { writer.append(element) } }
    }

    /// Decodes the value of a record.
    func decode(_ value: Bytes, _ state: CatalogState) async throws(StoreError) -> Record {
        let (version, header) = try RecordHeader.read(value)
        var layout = state.versions[version]
        if layout == nil {
            // Another program has added a version since the catalog was read.
            layout = try await refresh().versions[version]
        }
        guard let layout else {
            throw StoreError(
                .corrupt,
                "A record of the table \(table.name) has version \(version) of its schema, which the catalog "
                    + "does not have.")
        }
        return try coder.decode(
            value.slice(header..<value.count), writtenWith: layout, expecting: expectations)
    }

    /// The value of a record.
    func encode(_ record: Record, _ state: CatalogState) throws(StoreError) -> Bytes {
        let writer = ByteWriter()
        RecordHeader.append(state.ownVersion, to: writer)
        try coder.encode(record, to: writer)
        return writer.bytes
    }
}

extension Table {
    /// The kinds of the elements of a key, found by making the key of an empty record.
    func keyKinds() throws(StoreError) -> [String] {
        guard let prototype = try? PrototypeDecoder.value(Record.self) else {
            throw StoreError(.incompatibleSchema, "\(Record.self) accepts no empty value.")
        }
        var writer = TupleWriter(after: Bytes())
        appendKey(prototype, &writer)
        return try Tuple(unpacking: writer.bytes()).kinds
    }
}

extension Tuple {
    /// The kinds of the elements, as the catalog names them.
    var kinds: [String] {
        map { element in
            switch element {
            case .null: "null"
            case .bytes: "bytes"
            case .string: "string"
            case .tuple: "tuple"
            case .integer, .bigInteger: "integer"
            case .float: "float"
            case .double: "double"
            case .bool: "bool"
            case .uuid: "UUID"
            case .versionstamp: "versionstamp"
            }
        }
    }
}
