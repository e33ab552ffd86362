/// How an LMDB store is opened; each setting has a documented default.
public struct LMDBConfiguration: Hashable, Sendable {
    /// The size of the memory map to begin with, in bytes. It grows by itself; a larger start saves remapping. The file is
    /// only as large as its content. Default: 256 MiB.
    public var initialMapSize: Int
    /// The size the map may grow to, in bytes, and with it the file. Default: 1 TiB, of address space only.
    public var maximumMapSize: Int
    /// How many read views can be open at once, in all processes that share the files; the first process to open them
    /// decides. Default: 1,024.
    public var maximumReaders: Int
    /// Whether the system may read more of the file than was asked for. It helps scans of what no memory holds, where the
    /// entries were written in the order of their keys; and it makes a read of one such entry wait for many, and with it
    /// the thread it runs on. Default: false.
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
