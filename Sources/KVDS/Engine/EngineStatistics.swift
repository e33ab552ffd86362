import Synchronization

/// The statistics that an engine provides without reading all entries.
public struct EngineStatistics: Sendable {
    /// The number of entries; nil if counting them requires a scan.
    public var entryCount: Int?
    /// The size of the store in bytes, on disk or in memory.
    public var byteCount: Int
    /// The revision of the last commit.
    public var revision: Revision
    /// The files, with their sizes in bytes; empty for a store in memory.
    public var files: [File]

    /// A file of a store.
    public struct File: Sendable {
        public var name: String
        public var byteCount: Int

        public init(name: String, byteCount: Int) {
            self.name = name
            self.byteCount = byteCount
        }
    }

    public init(entryCount: Int?, byteCount: Int, revision: Revision, files: [File]) {
        self.entryCount = entryCount
        self.byteCount = byteCount
        self.revision = revision
        self.files = files
    }
}
