/// Copies a store while it is written to.
public protocol BackupProvider: Sendable {
    /// Writes a snapshot of the store to a new directory. Writers continue meanwhile.
    ///
    /// The copy is a store of the same kind, with the same revision. It is compact: it holds no free space.
    ///
    /// - Parameters:
    ///   - path: the new store's directory, which is missing or empty.
    ///   - progress: called from time to time with the number of entries copied so far.
    /// - Throws: `.invalidArgument` when the directory is not empty; `.cancelled`; `.closed`; what reading and writing
    ///   throw. A failed backup leaves a partial copy behind, also when the process dies; opening it throws `.corrupt`.
    func backup(to path: String, progress: @escaping @Sendable (Int) -> Void) async throws(StoreError)
}

extension KeyValueStore {
    /// Writes a snapshot of the store to a new directory. Writers continue meanwhile.
    ///
    /// - Parameters:
    ///   - path: the new store's directory, which is missing or empty.
    ///   - progress: called from time to time with the number of entries copied so far.
    /// - Throws: `.notSupported` when the store cannot copy itself; otherwise as ``BackupProvider/backup(to:progress:)``.
    public func backup(
        to path: String, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(StoreError) {
        try await require(backups, "backup").backup(to: path, progress: progress)
    }
}
