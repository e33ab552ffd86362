import KVDS

/// What the change of a record changes in the indexes of its table.
struct EntryChanges {
    /// The keys of entries to remove.
    private(set) var removed: [Bytes] = []
    /// Entries to remove if they are there. While a unique index is being built, two records may want one entry, and
    /// only one of them has it.
    private var uncertain: [Entry] = []
    /// The entries to add, with their indexes.
    private(set) var added: [(entry: Entry, index: MaintainedIndex)] = []

    /// - Parameters:
    ///   - key: the key of the record, without the prefix of the table.
    ///   - old: the record before the change; nil if there is none.
    ///   - new: the record after it; nil if it is deleted.
    /// - Throws: `.corrupt` if a record is damaged.
    init(
        _ indexes: [MaintainedIndex], key: Bytes, from old: StoredRecord?, to new: StoredRecord?
    ) throws(StoreError) {
        for index in indexes {
            let before = if let old { try index.entries(of: old, key: key) } else { [Entry]() }
            let after = if let new { try index.entries(of: new, key: key) } else { [Entry]() }
            let gone = before.filter { entry in !after.contains(entry) }
            if index.description.phase == .building, index.description.isUnique {
                uncertain += gone
            } else {
                removed += gone.map(\.key)
            }
            added += after.lazy.filter { entry in !before.contains(entry) }.map { ($0, index) }
        }
    }

    /// Finds out which entries are there that a unique index may lack while it is being built.
    ///
    /// - Parameter read: reads the value of a key.
    /// - Returns: the conditions on what was read.
    mutating func settle(
        _ read: (Bytes) async throws(StoreError) -> Bytes?
    ) async throws(StoreError) -> [WriteBatch.Condition] {
        var conditions: [WriteBatch.Condition] = []
        for entry in uncertain {
            let current = try await read(entry.key)
            conditions.append(.value(of: entry.key, is: current))
            if current == entry.value { removed.append(entry.key) }
        }
        uncertain = []
        return conditions
    }
}
