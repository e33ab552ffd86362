/// An engine that can create another engine of its type. This makes backups possible.
public protocol BackupEngine: StorageEngine {
    /// Creates a new, empty store in the directory at `path`, which is missing or empty.
    static func create(at path: String) throws(StoreError) -> Self
}
