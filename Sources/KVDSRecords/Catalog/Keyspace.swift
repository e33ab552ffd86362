import KVDS

/// The keys of tables and of the catalog. Formats.md describes them.
///
/// All begin with the byte 0xFD, with which no text in UTF-8 begins, so they lie apart from keys that are text. A tuple
/// follows: the number of the table, 0 for the catalog, and then 0 for a record, before the elements of its key, or the
/// number of an index.
enum Keyspace {
    private static let prefix = Bytes([0xFD])

    /// Where the catalog keeps the description of a table.
    static func table(_ name: String) -> Bytes { key(0, "table", name) }
    /// Where the catalog keeps a version of a table's schema.
    static func schema(_ table: Int, version: Int) -> Bytes { key(0, "schema", table, version) }
    /// Where the catalog keeps the number of the table that was added last.
    static let lastTable = key(0, "last")
    /// Where the catalog keeps the number of the newest dictionary of a table.
    static func newestDictionary(_ table: Int) -> Bytes { key(0, "dictionary", table) }
    /// Where the catalog keeps a version of a table's dictionary.
    static func dictionary(_ table: Int, version: Int) -> Bytes { key(0, "dictionary", table, version) }
    /// The descriptions of all tables.
    static let tables = KeyRange.elements(after: key(0, "table"))

    /// Where the catalog keeps the key of the last record that the building of an index has added.
    static func progress(_ table: Int, index: Int) -> Bytes { key(0, "index", table, index) }

    /// Where the catalog keeps the key that the migration of a table has reached.
    static func migration(_ table: Int) -> Bytes { key(0, "migration", table) }

    /// The prefix of the entries of an index, whose number is 1 or more.
    static func entries(_ table: Int, index: Int) -> Bytes { key(table, index) }
    /// The prefix of a table's records.
    static func records(_ table: Int) -> Bytes { key(table, 0) }

    private static func key<each E: TupleElement>(_ elements: repeat each E) -> Bytes {
        var writer = TupleWriter(after: prefix)
        repeat writer.append(each elements)
        return writer.bytes()
    }
}

extension KeyRange {
    /// The keys that are `prefix`, or continue it with further elements of the tuple.
    static func elements(after prefix: Bytes) -> KeyRange {
        // The next element begins with its type, which is less than 0xFF. After the end of a string, 0xFF continues it.
        KeyRange(from: prefix, to: Bytes(Array(prefix) + [0xFF]))
    }
}
