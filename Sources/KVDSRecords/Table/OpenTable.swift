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
        let opened = OpenTable(table, on: self, coder, try table.keyDescription(), try FieldExpectations(table, fields))
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
    private let key: KeyDescription
    let expectations: FieldExpectations
    private let known: Mutex<CatalogState?> = Mutex(nil)

    init(
        _ table: Table<Record>, on store: any KeyValueStore, _ coder: RecordCoder<Record>,
        _ key: KeyDescription, _ expectations: FieldExpectations
    ) {
        (self.table, self.store, self.coder) = (table, store, coder)
        (self.key, self.expectations) = (key, expectations)
    }

    /// Reads the catalog again.
    @discardableResult
    func refresh() async throws(StoreError) -> CatalogState {
        note(try await readCatalog(of: store))
    }

    /// Remembers the catalog, unless a registration is known that this state does not have yet.
    @discardableResult
    func note(_ state: CatalogState) -> CatalogState {
        known.withLock { known in
            if known?.registration != nil || known == nil || state.registration == nil { known = state }
        }
        return state
    }

    /// What a store, a snapshot or a transaction has in its catalog.
    private func readCatalog(of source: any StoreReader) async throws(StoreError) -> CatalogState {
        try await Catalog(store: source, table: table.name).state(coder.layout.schema, key, expectations)
    }

    /// The catalog as a reader or a transaction of the store sees it.
    ///
    /// As long as the own schema is not registered, another program may be faster, and the state of the source is read.
    func state(in source: any StoreReader) async throws(StoreError) -> CatalogState {
        let state = try await state()
        return state.registration == nil ? state : try await currentState(in: source)
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
        if key.kinds == self.key.kinds { return key }
        throw StoreError(
            .invalidKey,
            "The keys of the table \(table.name) are (\(self.key.kinds.joined(separator: ", "))), not "
                + "(\(key.kinds.joined(separator: ", "))).")
    }

    /// Decodes the value of a record that was read from `source`.
    func decode(_ value: Bytes, _ state: CatalogState, _ source: any StoreReader) async throws(StoreError) -> Record {
        let (version, header) = try RecordHeader.read(value)
        var layout = state.versions[version] ?? known.withLock { $0?.versions[version] }
        if layout == nil {
            // Another program has added a version since the catalog was read.
            layout = try await currentState(in: source).versions[version]
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
    /// The elements of a key, found by making the key of an empty record.
    func keyDescription() throws(StoreError) -> KeyDescription {
        guard !hasOptionalKey, !keyProperties.isEmpty else {
            throw StoreError(
                .incompatibleSchema, "The key of the table \(name) must be properties that are not optionals.")
        }
        guard let prototype = try? PrototypeDecoder.value(Record.self) else {
            throw StoreError(.incompatibleSchema, "\(Record.self) accepts no empty value.")
        }
        var writer = TupleWriter()
        appendKey(prototype, &writer)
        return KeyDescription(prototype: writer.tuple(), properties: keyProperties)
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
