public import KVDS

extension KeyValueStore {
    /// Opens a table: compares the schema of its records with the catalog of the store.
    ///
    /// Nothing is written, unless an index of the table is missing, or another program has begun to build or drop one:
    /// that is completed too. A new table, or a new version of the schema, is added to the catalog by the first write.
    ///
    /// An index that is missing is built, in commits of some hundred records each, while other tasks and programs read
    /// and write the table. A build that was interrupted continues where it ended. Queries do not use an index before
    /// it is ready.
    ///
    /// - Parameters:
    ///   - table: the declaration of the table.
    ///   - building: when missing indexes are built. Default: before the call returns. Cancellation ends the build.
    /// - Returns: the open table, which retains the store.
    /// - Throws: `.incompatibleSchema` if the type cannot be stored, its keys are of other kinds than those in the
    ///   store, records in the store cannot be read as it, or an index has other fields in the store; `.alreadyExists`
    ///   if records have equal fields in a new unique index; `.invalidKey` if an entry of a new index is longer than
    ///   the store's longest key; `.corrupt` if the catalog is damaged; the errors of reading the store, and of a
    ///   commit if an index is built.
    public func open<Record>(
        _ table: Table<Record>, building: IndexBuilding = .beforeReturning
    ) async throws(StoreError) -> OpenTable<Record> {
        let coder = try RecordCoder(Record.self)
        guard case .named(let position) = coder.layout.schema.root,
            case .record(_, let fields) = coder.layout.schema.types[position]
        else { throw StoreError(.incompatibleSchema, "The records of the table \(table.name) must be structs.") }
        let expectations = try FieldExpectations(table, fields)
        let migrations = try table.preparedMigrations()
        let own = TableExpectations(
            schema: coder.layout.schema, key: try table.keyDescription(), fields: expectations,
            indexes: try table.indexDescriptions(coder.layout.schema, expectations),
            migrations: migrations.map(\.shape))
        let opened = OpenTable(table, on: self, coder, own, building, migrations)
        let state = try await opened.refresh()
        if !state.isNew { try await opened.compression.loadNewest(number: state.description.number, self) }
        switch building {
        case .beforeReturning: try await opened.buildIndexes()
        case .inBackground: opened.buildIndexesInBackground()
        case .never: break
        }
        return opened
    }
}

/// When the indexes are built that a table in the store lacks.
public enum IndexBuilding: Sendable {
    /// Before opening returns.
    case beforeReturning
    /// By a task of its own, whose errors nobody sees. ``OpenTable/buildIndexes()`` does the same work, and throws
    /// them.
    case inBackground
    /// Not at all, for programs that only read.
    case never
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

    /// The fields that the elements of a key equal; nil for an element that is computed, or a type of the user's own.
    func keyFields(_ own: TableExpectations) -> [StoredField?] {
        zip(own.key.names, hasPlainKeys).map { name, isPlain in
            isPlain ? own.schema.field(name, isList: false, own.fields) : nil
        }
    }

    /// The declared indexes.
    func indexDescriptions(
        _ schema: Schema, _ expectations: FieldExpectations
    ) throws(StoreError) -> [IndexDescription] {
        var descriptions: [IndexDescription] = []
        for declaration in indexes {
            if descriptions.contains(where: { $0.name == declaration.name }) {
                throw StoreError(
                    .incompatibleSchema, "The table \(name) declares two indexes named \(declaration.name).")
            }
            descriptions.append(try declaration.description(schema, name, expectations))
        }
        return descriptions
    }
}
