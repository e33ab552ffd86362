public import KVDS

/// Which records a migration rewrites.
public enum MigrationScope: Sendable {
    /// Those of the versions for which the table declares a ``Migration``.
    case declared
    /// Those of all older versions.
    case all
}

/// What a migration has done.
public struct MigrationResult: Hashable, Sendable {
    /// The number of records that this call has rewritten.
    public internal(set) var records = 0
    /// Whether no record of the older versions was left when the call returned. False if older programs kept writing
    /// such records: end or update them, and call again.
    public internal(set) var isComplete = false
}

extension OpenTable {
    /// Rewrites records of older versions of the schema as records of the current type, with their indexes.
    ///
    /// Other tasks and programs may read and write the table at the same time, also with older types, and migrate it
    /// too. A write between reading a record and rewriting it wins. How far the migration is is stored with each
    /// commit: if it ends by an error, a crash or cancellation, what was done stays, and the next call continues from
    /// there.
    ///
    /// As long as the catalog does not say that no record of a version with a migration is left, queries of this type
    /// use no index. This call ends that. A program that then writes a record of an older version ends it again.
    ///
    /// - Parameter scope: which records to rewrite. Default: those with a declared migration.
    /// - Returns: the number of rewritten records, and whether none is left.
    /// - Throws: `.migrationFailed` if a closure throws, or changes the key of its record; `.alreadyExists` if a
    ///   migrated record has the same fields as another one in a unique index; `.corrupt` or `.incompatibleSchema` for
    ///   a record that cannot be decoded; `.cancelled`; the errors of reading the store and of its commits.
    /// - Complexity: O(n log n) in the number of records, in commits that rewrite at most 256 records.
    @discardableResult
    public func migrate(_ scope: MigrationScope = .declared) async throws(StoreError) -> MigrationResult {
        var work = MigrationWork(table: self, scope: scope)
        while try await work.step() {}
        return work.result
    }
}
