import KVDS

/// A table and a version of its schema that are not in the catalog yet. They are added by the batch that makes the
/// first write.
struct Registration: Sendable {
    /// What must not have changed in the catalog since it was read.
    let conditions: [WriteBatch.Condition]
    /// What is added to the catalog.
    let entries: [Entry]

    /// - Parameters:
    ///   - old: the bytes of the description of the table, if it is in the catalog.
    ///   - last: the bytes at ``Keyspace/lastTable``; used only for a new table.
    init(_ table: String, _ description: TableDescription, _ schema: Schema, old: Bytes?, last: Bytes?) {
        let key = Keyspace.table(table)
        var entries = [
            Entry(key: key, value: description.bytes),
            Entry(
                key: Keyspace.schema(description.number, version: description.version), value: schema.tuple.packed),
        ]
        if let old {
            conditions = [.equals(key, old)]
        } else {
            conditions = [.absent(key), .value(of: Keyspace.lastTable, is: last)]
            entries.append(Entry(key: Keyspace.lastTable, value: Tuple(description.number).packed))
        }
        self.entries = entries
    }

    /// A change of the description of a table alone.
    init(_ table: String, from old: Bytes, to new: TableDescription) {
        conditions = [.equals(Keyspace.table(table), old)]
        entries = [Entry(key: Keyspace.table(table), value: new.bytes)]
    }

    /// A batch that only registers.
    var batch: WriteBatch {
        var batch = WriteBatch()
        batch.conditions = conditions
        for entry in entries { batch.set(entry.key, to: entry.value) }
        return batch
    }
}
