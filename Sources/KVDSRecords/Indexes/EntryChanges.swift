import KVDS

/// What the change of a record changes in the indexes of its table.
struct EntryChanges {
    /// The keys of entries to remove.
    var removed: [Bytes] = []
    /// The entries to add, with their indexes.
    var added: [(entry: Entry, index: MaintainedIndex)] = []

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
            removed += before.lazy.filter { entry in !after.contains(entry) }.map(\.key)
            added += after.lazy.filter { entry in !before.contains(entry) }.map { ($0, index) }
        }
    }
}
