import KVDS

/// Rewrites the records of older versions of a table, one commit at a time.
///
/// The first commit lists the versions in the catalog as leaving. Every write has the condition that the catalog is
/// unchanged, and a program that writes a record of a leaving version takes it off the list in the same commit. So as
/// long as the list is unchanged, no such record appears. The records are read in the order of their keys; each commit
/// stores the key that was reached. When all were read, the versions are empty. If the list was changed, all records
/// are read again.
struct MigrationWork<Record: Codable & Sendable> {
    private static var maximumRecords: Int { 256 }
    private static var maximumBytes: Int { 1 << 18 }
    /// The number of records that are read for one commit, where most of them need not be rewritten.
    private static var maximumReads: Int { 1 << 12 }
    /// How often all records are read, at most.
    private static var maximumPasses: Int { 3 }

    let table: OpenTable<Record>
    let scope: MigrationScope
    private(set) var result = MigrationResult()
    /// The number of records in a commit. It falls when writers change records that were read for it.
    private var limit = maximumRecords
    private var passes = 0

    init(table: OpenTable<Record>, scope: MigrationScope) { (self.table, self.scope) = (table, scope) }

    private var store: any KeyValueStore { table.store }
    private var catalogKey: Bytes { Keyspace.table(table.table.name) }

    /// Makes one commit.
    ///
    /// - Returns: whether there is more to do.
    mutating func step() async throws(StoreError) -> Bool {
        if Task.isCancelled { throw StoreError(.cancelled, "The migration was cancelled.") }
        let state = try await table.checkedState(in: store)
        let targets = Set(scope == .all ? Array(state.versions.keys) : Array(state.migrations.keys))
            .subtracting(state.description.retired.empty).subtracting([state.ownVersion])
        guard let bytes = state.bytes, !targets.isEmpty else {
            result.isComplete = true
            return false
        }
        if let registration = state.registration {
            _ = try await store.commit(registration.batch)
            return true
        }
        let progressKey = Keyspace.migration(state.description.number)
        let progress = try await store.get(progressKey)
        guard state.description.retired.leaving == targets, let progress else {
            if passes == Self.maximumPasses { return false }
            passes += 1
            var batch = WriteBatch(durability: .buffered)
            batch.require(.equals(catalogKey, bytes))
            var description = state.description
            description.retired.leaving = targets
            batch.set(catalogKey, to: description.bytes)
            batch.set(progressKey, to: state.prefix)
            _ = try await store.commit(batch)
            return true
        }
        try await rewrite(state, after: progress, targets, progressKey)
        return true
    }

    /// Rewrites the records after a key, or some of them.
    private mutating func rewrite(
        _ state: CatalogState, after progress: Bytes, _ targets: Set<Int>, _ progressKey: Bytes
    ) async throws(StoreError) {
        var draft = TableBatch(state)
        var (last, reads, count, size, isAtEnd) = (progress, 0, 0, 0, true)
        let rest = KeyRange(from: progress.followed(by: 0), to: table.range(state).upperBound)
        for try await entry in store.entries(in: rest) {
            if count == limit || size > Self.maximumBytes || reads == Self.maximumReads {
                isAtEnd = false
                break
            }
            if targets.contains(try RecordHeader.read(entry.value).version) {
                try await add(entry, to: &draft, state)
                count += 1
                size += entry.value.count
            }
            reads += 1
            last = entry.key
        }
        var (batch, failures) = draft.finish(table: table.table.name, registers: false)
        batch.require(.equals(progressKey, progress))
        if isAtEnd {
            var description = state.description
            description.retired.leaving = []
            description.retired.empty.formUnion(targets)
            batch.set(catalogKey, to: description.bytes)
            batch.delete(progressKey)
        } else {
            batch.set(progressKey, to: last)
            batch.durability = .buffered
        }
        switch try await store.commit(batch) {
        case .committed: result.records += count
        case .conditionFailed(let index):
            guard failures.indices.contains(index) else { return }
            if case .unique(let name) = failures[index] { throw table.alreadyExists(inIndex: name) }
            if failures[index] == .changed { limit = max(1, limit / 2) }
        }
    }

    /// Adds the rewriting of a record to a batch.
    private func add(_ entry: Entry, to draft: inout TableBatch, _ state: CatalogState) async throws(StoreError) {
        let record = try await table.decode(entry.value, state, store, at: entry.key)
        try table.expectKey(entry.key, of: record, state)
        let encoded = try table.encode(record, state)
        draft.require(.equals(entry.key, entry.value), or: .changed)
        draft.add(RecordWrite(key: entry.key, record: encoded))
        var changes = try EntryChanges(
            state.maintained, key: state.recordKey(of: entry.key),
            from: try await table.oldRecord(entry.value, state), to: encoded.stored)
        let read = try await changes.settle { (key) throws(StoreError) in try await store.get(key) }
        for condition in read { draft.require(condition, or: .changed) }
        if let index = draft.add(changes) { throw table.alreadyExists(inIndex: index.description.name) }
    }
}
