package import KVDS

/// A table in the catalog of a store, read without the Swift type of its records. For tools.
package struct StoredTable: Sendable {
    package let name: String
    /// The number of the table in keys.
    package let number: Int
    /// The kinds of the elements of a key.
    package let keyKinds: [String]
    /// The schemas, the oldest first. Their versions count from 1.
    package let schemas: [Schema]
    private let layouts: [SchemaLayout]
    /// The catalog of the table, as a program with the newest schema would see it.
    let state: CatalogState

    /// The beginning of the keys of the table's records.
    private var prefix: Bytes { state.prefix }
    private let compression: TableCompression

    /// The tables in the catalog of a store, by name.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - compression: reads compressed records.
    /// - Throws: `.corrupt` or `.newerFormat` if the catalog cannot be read; the errors of reading the store.
    package static func all(
        in store: any StoreReader, reading compression: Compression? = nil
    ) async throws(StoreError) -> [StoredTable] {
        var tables: [StoredTable] = []
        for try await entry in store.entries(in: Keyspace.tables) {
            guard let key = try? Tuple(unpacking: entry.key.slice(1..<entry.key.count)),
                let name = try? key[2, as: String.self]
            else { throw StoreError(.corrupt, "A key of the catalog is damaged.") }
            tables.append(
                try await StoredTable(name, entry.value, TableCompression(compression, table: name), store))
        }
        return tables
    }

    /// The table with a name; nil if the catalog does not have it.
    ///
    /// - Throws: as ``all(in:reading:)``.
    package static func named(
        _ name: String, in store: any StoreReader, reading compression: Compression? = nil
    ) async throws(StoreError) -> StoredTable? {
        try await all(in: store, reading: compression).first { $0.name == name }
    }

    private init(
        _ name: String, _ bytes: Bytes, _ compression: TableCompression, _ store: any StoreReader
    ) async throws(StoreError) {
        let description = try TableDescription(bytes, table: name)
        let catalog = Catalog(store: store, table: name)
        var schemas: [Schema] = []
        for version in 1...max(1, description.version) {
            schemas.append(try await catalog.storedSchema(description.number, version: version))
        }
        (self.name, number, keyKinds) = (name, description.number, description.key.kinds)
        self.schemas = schemas
        layouts = schemas.map(SchemaLayout.init)
        let versions = Dictionary(uniqueKeysWithValues: zip(1..., layouts))
        state = CatalogState(description, bytes, versions: versions, ownVersion: description.version)
        self.compression = compression
        try await compression.loadAll(number: number, store)
    }

    /// The keys of the table's records in the store.
    package var range: KeyRange { .elements(after: prefix) }

    /// The key of a record, without the prefix of the table.
    ///
    /// - Throws: `.malformedTuple` if it is damaged.
    package func key(of entry: Entry) throws(StoreError) -> Tuple {
        try Tuple(unpacking: entry.key.slice(min(prefix.count, entry.key.count)..<entry.key.count))
    }

    /// The record of an entry.
    ///
    /// - Throws: `.corrupt` if it is damaged, or its schema or dictionary is missing; `.missingCompression` if it is
    ///   compressed, and the table was read without a compression.
    package func record(of entry: Entry) throws(StoreError) -> RecordValue {
        let stored = try storedRecord(entry.value)
        return try RecordValue(stored.bytes, stored.layout)
    }

    private func storedRecord(_ value: Bytes) throws(StoreError) -> StoredRecord {
        let header = try RecordHeader.read(value)
        guard layouts.indices.contains(header.version - 1) else {
            throw StoreError(.corrupt, "A record of the table \(name) has a schema that the catalog does not have.")
        }
        return StoredRecord(bytes: try compression.record(in: value, header), layout: layouts[header.version - 1])
    }

    /// Makes a dictionary from the table's records, as `OpenTable.trainDictionary` does.
    ///
    /// - Throws: as `OpenTable.trainDictionary`.
    package func trainDictionary(
        in store: any KeyValueStore, _ settings: DictionaryTraining
    ) async throws(StoreError) -> TrainedDictionary {
        try await DictionaryTrainer(store: store, table: name, number: number, compression: compression).train(settings)
    }

    /// The fields of the newest schema, with their types in words.
    package var fields: [(name: String, type: String)] {
        guard let schema = schemas.last, case .named(let position) = schema.root,
            case .record(_, let fields) = schema.types[position]
        else { return [] }
        return fields.map { ($0.name, schema.description(of: $0.type)) }
    }

    /// The indexes, each in words.
    package var indexes: [String] {
        state.description.indexes.map { index in
            let fields = index.fields.map { field in
                (field.field.isList ? "each \(field.field.path)" : field.field.path)
                    + (field.order == .descending ? " descending" : "")
            }
            return (index.isUnique ? "unique index " : "index ") + "\(index.name): \(fields.joined(separator: ", "))"
                + (index.predicate == nil ? "" : ", of some records")
                + (index.phase == .ready ? "" : " (\(index.phase.rawValue))")
        }
    }

    /// The structs and enums in the newest schema, besides the record itself, each in words.
    package var innerTypes: [String] {
        guard let schema = schemas.last else { return [] }
        func list(_ fields: [Field]) -> String {
            fields.map { "\($0.name): \(schema.description(of: $0.type))" }.joined(separator: ", ")
        }
        return schema.types.enumerated().filter { .named($0.offset) != schema.root }.map { _, type in
            switch type {
            case .record(let name, let fields): "struct \(name)(\(list(fields)))"
            case .enumeration(let name, let cases):
                "enum \(name) "
                    + cases.map { $0.fields.isEmpty ? $0.name : "\($0.name)(\(list($0.fields)))" }
                    .joined(separator: " | ")
            }
        }
    }
}

extension StoredTable: RecordSource {
    func storedRecord(
        _ value: Bytes, _ state: CatalogState, _ reader: any StoreReader
    ) async throws(StoreError) -> StoredRecord { try storedRecord(value) }

    func readableRecord(
        _ value: Bytes, _ state: CatalogState, _ reader: any StoreReader, at key: Bytes
    ) async throws(StoreError) -> StoredRecord { try storedRecord(value) }
}
