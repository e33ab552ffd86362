/// The settings for opening an LMDB store. Each has a documented default.
public struct LMDBConfiguration: Hashable, Sendable {
    /// The initial size of the memory map, in bytes. The map grows by itself; a larger initial size saves remapping.
    /// The file is only as large as its content. Default: 256 MiB.
    public var initialMapSize: Int
    /// The maximum size of the map, and so of the file, in bytes. Default: 1 TiB, which takes address space only.
    public var maximumMapSize: Int
    /// The number of reader slots. It limits how many snapshots, scans and reads can be open at the same time in all
    /// processes that share the files. The first process that opens the files decides. Default: 1,024.
    public var maximumReaders: Int
    /// Whether the system may read more of the file than was requested. Reading ahead speeds up scans of entries that
    /// are not in memory, if they were written in key order. But a read of one such entry, and the thread it runs on,
    /// then wait for many entries. Default: false.
    public var readsAhead: Bool
    /// The mode of the files. Default: 0600, for the owner alone.
    public var filePermissions: UInt32

    public init(
        initialMapSize: Int = 256 << 20, maximumMapSize: Int = 1 << 40, maximumReaders: Int = 1024,
        readsAhead: Bool = false, filePermissions: UInt32 = 0o600
    ) {
        self.initialMapSize = initialMapSize
        self.maximumMapSize = maximumMapSize
        self.maximumReaders = maximumReaders
        self.readsAhead = readsAhead
        self.filePermissions = filePermissions
    }
}
