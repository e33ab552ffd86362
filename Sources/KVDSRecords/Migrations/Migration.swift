public import KVDS

/// How records of an older type become records of a table.
///
/// ```swift
/// struct OldUser: Codable, Sendable { var id: Int; var name: String }
/// struct User: Codable, Sendable { var id: Int; var first: String; var last: String }
///
/// let users = Table<User>("users", key: \.id) {
///     Migration(from: OldUser.self) { old in
///         let words = old.name.split(separator: " ", maxSplits: 1).map(String.init)
///         return User(id: old.id, first: words.first ?? "", last: words.last ?? "")
///     }
/// }
/// ```
///
/// A migration is for every version of the schema in the catalog that has the fields of the old type: their names,
/// their types and their order. The names of the types themselves do not count. If no version has them, the migration
/// is never called. A version with a migration is not compared with the type of the records when the table is opened.
///
/// Each read of such a record calls the closure. ``OpenTable/migrate(_:)`` rewrites all of them.
///
/// Each migration leads directly to the type of the records. Where an older type was migrated to an old one before, its
/// closure calls both steps: `Migration(from: First.self) { User(OldUser($0)) }`.
public struct Migration<Record: Codable & Sendable>: Sendable {
    let prepare: @Sendable () throws(StoreError) -> PreparedMigration<Record>

    /// Declares how records of an older type are migrated.
    ///
    /// If the closure throws, or returns a record with another key, the read or the migration throws
    /// `.migrationFailed`. The error of the closure is its `cause`.
    ///
    /// - Parameters:
    ///   - type: a struct with the fields of the older records. Its name may differ.
    ///   - migrate: makes a record from an older one. It must keep the key, and return equal records for equal ones. It
    ///     may be called at any time, by any task, and several times for one record.
    public init<Old: Codable & Sendable>(from type: Old.Type, _ migrate: @escaping @Sendable (Old) throws -> Record) {
        prepare = { () throws(StoreError) in
            let coder = try RecordCoder(Old.self)
            return PreparedMigration(shape: coder.layout.schema.shape) { record throws(StoreError) in
                let old = try coder.decode(record.bytes, writtenWith: record.layout)
                do { return try migrate(old) } catch {
                    throw StoreError(
                        .migrationFailed,
                        "The migration from \(Old.self) to \(Record.self) threw a \(Swift.type(of: error)).",
                        cause: error)
                }
            }
        }
    }
}

/// A migration whose old type is known to be one that can be stored.
struct PreparedMigration<Record: Codable & Sendable>: Sendable {
    /// The fields of the old type.
    let shape: Schema
    /// Migrates a record.
    let migrate: @Sendable (StoredRecord) throws(StoreError) -> Record
}

extension Table {
    /// The declared migrations.
    ///
    /// - Throws: `.incompatibleSchema` if an old type cannot be stored, or two of them have the same fields.
    func preparedMigrations() throws(StoreError) -> [PreparedMigration<Record>] {
        var prepared: [PreparedMigration<Record>] = []
        for migration in migrations {
            let migration = try migration.prepare()
            if prepared.contains(where: { $0.shape == migration.shape }) {
                throw StoreError(
                    .incompatibleSchema, "The table \(name) declares two migrations from types with the same fields.")
            }
            prepared.append(migration)
        }
        return prepared
    }
}

extension StoreError.Code {
    /// The closure of a ``Migration`` threw an error, or changed the key of a record. Nothing changed.
    public static let migrationFailed = Self("migrationFailed", advice: .usageError)
}
