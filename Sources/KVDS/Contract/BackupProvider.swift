/// Copies a store while it is written to.
public protocol BackupProvider: Sendable {
    /// Writes a snapshot of the store to a new directory. Writers continue meanwhile.
    ///
    /// The copy is a store of the same backend, with the same revision. It is compact: it contains no free space. When
    /// the call returns, the copy is on stable storage.
    ///
    /// - Parameters:
    ///   - path: the directory of the new store. It must be missing or empty.
    ///   - progress: called repeatedly with the number of entries copied so far.
    /// - Throws: `.invalidArgument` if the directory is not empty; `.cancelled`; `.closed`; the errors of reading and
    ///   writing. A failed backup leaves a partial copy behind, also when the process dies; opening it throws
    ///   `.corrupt`.
    func copy(to path: String, progress: @escaping @Sendable (Int) -> Void) async throws(StoreError)
}

extension KeyValueStore {
    /// Writes a snapshot of the store to a new directory. Writers continue meanwhile.
    ///
    /// - Parameters:
    ///   - path: the directory of the new store. It must be missing or empty.
    ///   - progress: called repeatedly with the number of entries copied so far.
    /// - Throws: `.notSupported` if the store has no backups; otherwise as ``BackupProvider/copy(to:progress:)``.
    public func backup(
        to path: String, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(StoreError) {
        try await require(backups, "backup").copy(to: path, progress: progress)
    }
}
