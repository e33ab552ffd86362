/// An engine that can make another of its kind, which is what a backup takes.
public protocol BackupEngine: StorageEngine {
    /// A new, empty store in the directory at `path`.
    static func create(at path: String) throws(StoreError) -> Self
}
