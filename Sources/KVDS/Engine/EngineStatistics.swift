import Synchronization

/// What an engine can tell about itself without reading everything.
public struct EngineStatistics: Sendable {
    /// How many entries there are; nil when that takes a scan.
    public var entryCount: Int?
    /// How many bytes the store takes, on disk or in memory.
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
