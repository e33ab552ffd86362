public import KVDS

/// Reads the records of a table in a store, a snapshot or a transaction.
///
/// ```swift
/// try await store.withSnapshot { snapshot in
///     let old = try await table.reader(of: snapshot).get(1)
/// }
/// ```
public struct TableReader<Record: Codable & Sendable>: Sendable {
    let table: OpenTable<Record>
    let source: any StoreReader

    /// The record with a key; nil if there is none.
    ///
    /// - Parameter key: the elements of the key.
    /// - Throws: `.invalidKey` if the keys of the table have elements of other kinds; as ``OpenTable``.
    /// - Complexity: O(log n) in the number of records.
    public func get<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Record? {
        let key = try table.checked(repeat each key)
        let state = try await table.state(in: source)
        let storeKey = table.storeKey(of: key, state)
        guard !state.isNew, let value = try await source.get(storeKey) else { return nil }
        return try await table.decode(value, state, source, at: storeKey)
    }

    /// Whether there is a record with a key. The record is not decoded.
    ///
    /// - Parameter key: the elements of the key.
    /// - Throws: as ``get(_:)``.
    public func contains<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Bool {
        let key = try table.checked(repeat each key)
        let state = try await table.state(in: source)
        return state.isNew ? false : try await source.exists(table.storeKey(of: key, state))
    }

    /// The number of records.
    ///
    /// - Throws: the errors of reading the store.
    /// - Complexity: O(n) in the number of records.
    public func count() async throws(StoreError) -> Int {
        let state = try await table.state(in: source)
        var count = 0
        if state.isNew { return 0 }
        for try await page in source.entries(in: table.range(state)).pages { count += page.count }
        return count
    }

    /// The records in the order of their keys, streamed.
    ///
    /// Each iteration shows one snapshot of the store, as a scan of the store does.
    ///
    /// - Parameters:
    ///   - prefix: the first elements of the keys; an empty tuple for all records.
    ///   - order: `.forward` from the smallest key, `.reverse` from the greatest.
    ///   - limit: the maximum number of records; nil for no limit.
    public func records(
        prefix: Tuple = Tuple(), order: ScanOrder = .forward, limit: Int? = nil
    ) -> Records<Record> {
        Records(table: table, source: source, keys: .prefix(prefix), order: order, limit: limit)
    }

    /// The records whose keys lie in a range, in the order of their keys, streamed.
    ///
    /// - Parameters:
    ///   - range: the keys, or their first elements: `Tuple("a")..<Tuple("b")`.
    ///   - order: `.forward` from the smallest key, `.reverse` from the greatest.
    ///   - limit: the maximum number of records; nil for no limit.
    public func records(
        in range: Range<Tuple>, order: ScanOrder = .forward, limit: Int? = nil
    ) -> Records<Record> {
        Records(
            table: table, source: source, keys: .range(range.lowerBound, range.upperBound), order: order, limit: limit)
    }

    /// The records with several keys, in the order of the keys; nil for each key without a record.
    ///
    /// - Parameter keys: the keys.
    /// - Throws: as ``get(_:)``.
    public func get(keys: some Sequence<Tuple>) async throws(StoreError) -> [Record?] {
        let state = try await table.state(in: source)
        var storeKeys: [Bytes] = []
        for key in keys { storeKeys.append(table.storeKey(of: try table.checked(key), state)) }
        if state.isNew { return storeKeys.map { _ in nil } }
        var records: [Record?] = []
        for (key, value) in zip(storeKeys, try await source.get(storeKeys)) {
            let record: Record? = if let value { try await table.decode(value, state, source, at: key) } else { nil }
            records.append(record)
        }
        return records
    }
}

extension OpenTable {
    /// Reads the table in a snapshot or a transaction of its store.
    ///
    /// - Parameter source: what to read.
    public func reader(of source: any StoreReader) -> TableReader<Record> { TableReader(table: self, source: source) }

    private var reader: TableReader<Record> { reader(of: store) }

    /// The record with a key; nil if there is none.
    ///
    /// - Parameter key: the elements of the key.
    /// - Throws: `.invalidKey` if the keys of the table have elements of other kinds; as ``OpenTable``.
    /// - Complexity: O(log n) in the number of records.
    public func get<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Record? {
        try await reader.get(repeat each key)
    }

    /// Whether there is a record with a key. The record is not decoded.
    ///
    /// - Parameter key: the elements of the key.
    /// - Throws: as ``get(_:)``.
    public func contains<each Part: TupleElement>(_ key: repeat each Part) async throws(StoreError) -> Bool {
        try await reader.contains(repeat each key)
    }

    /// The number of records.
    ///
    /// - Throws: the errors of reading the store.
    /// - Complexity: O(n) in the number of records.
    public func count() async throws(StoreError) -> Int { try await reader.count() }

    /// The records in the order of their keys, streamed.
    ///
    /// - Parameters:
    ///   - prefix: the first elements of the keys; an empty tuple for all records.
    ///   - order: `.forward` from the smallest key, `.reverse` from the greatest.
    ///   - limit: the maximum number of records; nil for no limit.
    public func records(
        prefix: Tuple = Tuple(), order: ScanOrder = .forward, limit: Int? = nil
    ) -> Records<Record> {
        reader.records(prefix: prefix, order: order, limit: limit)
    }

    /// The records whose keys lie in a range, in the order of their keys, streamed.
    ///
    /// - Parameters:
    ///   - range: the keys, or their first elements: `Tuple("a")..<Tuple("b")`.
    ///   - order: `.forward` from the smallest key, `.reverse` from the greatest.
    ///   - limit: the maximum number of records; nil for no limit.
    public func records(
        in range: Range<Tuple>, order: ScanOrder = .forward, limit: Int? = nil
    ) -> Records<Record> {
        reader.records(in: range, order: order, limit: limit)
    }

    /// The records with several keys, in the order of the keys; nil for each key without a record.
    ///
    /// The records are read one after the other; to read them at one point in time, use a snapshot.
    ///
    /// - Parameter keys: the keys.
    /// - Throws: as ``get(_:)``.
    public func get(keys: some Sequence<Tuple>) async throws(StoreError) -> [Record?] {
        try await reader.get(keys: keys)
    }

    /// The keys in the store of some of the table's records.
    func range(_ state: CatalogState, _ keys: RecordKeys = .prefix(Tuple())) -> KeyRange {
        switch keys {
        case .prefix(let prefix): .elements(after: storeKey(of: prefix, state))
        case .range(let lower, let upper): KeyRange(from: storeKey(of: lower, state), to: storeKey(of: upper, state))
        }
    }
}
