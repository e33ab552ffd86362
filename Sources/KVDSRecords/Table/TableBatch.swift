import KVDS

/// The batch of a call that writes records, and what each of its conditions means.
struct TableBatch {
    /// Why the batch was not committed.
    enum Failure: Equatable {
        /// Another program has changed the catalog.
        case catalog
        /// The record of the write at this position is not as the call expects.
        case unmet(Int)
        /// A record has changed since it was read.
        case changed
        /// Another record has the same fields in the unique index with this name.
        case unique(String)
    }

    private let state: CatalogState
    private var conditions: [WriteBatch.Condition] = []
    private var failures: [Failure] = []
    private var mutations: [WriteBatch.Mutation] = []
    private var removed: Set<Bytes> = []
    private var added: [(entry: Entry, index: MaintainedIndex)] = []
    private var addedKeys: Set<Bytes> = []

    init(_ state: CatalogState) { self.state = state }

    mutating func require(_ condition: WriteBatch.Condition, or failure: Failure) {
        conditions.append(condition)
        failures.append(failure)
    }

    /// Adds the change of a record without its entries.
    mutating func add(_ write: RecordWrite) {
        mutations.append(write.record.map { .set(write.key, $0.value) } ?? .delete(write.key))
    }

    /// Adds what a change of a record changes in indexes.
    ///
    /// - Returns: the unique index in which two records of the batch would have one entry; nil if there is none.
    mutating func add(_ changes: EntryChanges) -> MaintainedIndex? {
        removed.formUnion(changes.removed)
        for (entry, index) in changes.added {
            guard addedKeys.insert(entry.key).inserted else { return index }
            added.append((entry, index))
        }
        return nil
    }

    /// The finished batch, on the condition that the catalog is as it was read.
    ///
    /// - Parameter registers: whether the first write adds the table and its schema to the catalog.
    consuming func finish(table: String, registers: Bool) -> (batch: WriteBatch, failures: [Failure]) {
        var batch = WriteBatch()
        if registers, let registration = state.registration {
            batch = registration.batch
        } else if let bytes = state.bytes {
            batch.require(.equals(Keyspace.table(table), bytes))
        }
        failures.insert(contentsOf: batch.conditions.map { _ in .catalog }, at: 0)
        batch.conditions += conditions
        batch.mutations += mutations
        for key in removed where !addedKeys.contains(key) { batch.delete(key) }
        for (entry, index) in added {
            // A removed entry belongs to a record of this batch, whose condition covers it.
            if index.isUnique(entry), !removed.contains(entry.key) {
                batch.require(.absent(entry.key))
                failures.append(.unique(index.description.name))
            }
            batch.set(entry.key, to: entry.value)
        }
        return (batch, failures)
    }
}
