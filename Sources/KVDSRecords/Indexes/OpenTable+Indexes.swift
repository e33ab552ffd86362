public import KVDS

extension OpenTable {
    /// Builds the indexes that the store lacks, and removes the entries of dropped ones. Returns when all are ready.
    ///
    /// Other tasks and programs may read and write the table at the same time, and build the same indexes. Cancellation
    /// ends the call after the current commit. What was built stays, and the next call continues from there.
    ///
    /// - Throws: `.alreadyExists` if two records have equal fields in a new unique index, which is removed then; the
    ///   errors of reading the store and of its commits.
    /// - Complexity: O(n log n) in the number of records, in commits of at most 256 records.
    public func buildIndexes() async throws(StoreError) {
        var work = IndexWork(table: self)
        while try await work.step() {}
    }

    func buildIndexesInBackground() {
        Task { [weak self] in
            var limit = IndexWork<Record>.maximumRecords
            while let self {
                var work = IndexWork(table: self, limit: limit)
                guard try await work.step() else { return }
                limit = work.limit
            }
        }
    }

    /// Drops an index. Queries and writes ignore it at once. Its entries are then removed before the call returns.
    ///
    /// If the removal is interrupted, ``buildIndexes()`` or the next opening completes it. A program that still
    /// declares the index adds it again when it opens the table.
    ///
    /// - Parameter name: the name of the index.
    /// - Throws: `.notFound` if there is no index with this name; the errors of the store's reads and commits.
    public func dropIndex(_ name: String) async throws(StoreError) {
        while true {
            let state = try await checkedState(in: store)
            guard let bytes = state.bytes,
                let index = try TableDescription(bytes, table: table.name).index(name)
            else {
                throw StoreError(
                    .notFound, "The table \(table.name) has no index \(name).", store: store.description)
            }
            var description = try TableDescription(bytes, table: table.name)
            description.set(index.number, .dropping)
            var batch = WriteBatch()
            batch.require(.equals(Keyspace.table(table.name), bytes))
            batch.set(Keyspace.table(table.name), to: description.bytes)
            if try await store.commit(batch).isCommitted {
                var work = IndexWork(table: self, onlyDrops: true)
                while try await work.step() {}
                return
            }
        }
    }

    /// The indexes of the table in the store.
    ///
    /// - Throws: the errors of reading the catalog.
    public func indexes() async throws(StoreError) -> [IndexStatus] {
        try await checkedState(in: store).description.indexes.map {
            IndexStatus(name: $0.name, isUnique: $0.isUnique, isReady: $0.phase == .ready, isDropped: !$0.isMaintained)
        }
    }
}

/// What is known of an index in a store.
public struct IndexStatus: Hashable, Sendable {
    /// The name of the index.
    public let name: String
    /// Whether no two records may have one entry.
    public let isUnique: Bool
    /// Whether queries use the index. False while it is being built or dropped.
    public let isReady: Bool
    /// Whether the index was dropped, and its entries are being removed.
    public let isDropped: Bool
}
