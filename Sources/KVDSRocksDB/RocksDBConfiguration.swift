/// How a RocksDB store is opened; each setting has a documented default.
public struct RocksDBConfiguration: Hashable, Sendable {
    /// How blocks are compressed on disk.
    public enum Compression: Hashable, Sendable {
        case none, snappy, lz4, zstd
    }

    /// The cache of uncompressed blocks. Default: one that all stores of the process share, of 256 MiB.
    public var blockCache: RocksDBBlockCache
    /// How many bytes of writes are gathered in memory before they are written out as a sorted file. Default: 64 MiB.
    public var writeBufferSize: Int
    /// Default: `.lz4`. RocksDB must have been built with it, which those of Debian and Homebrew are.
    public var compression: Compression
    /// How many bits of bloom filter each key has, so that most reads of an absent key touch no block; 0 for none.
    /// Default: 10, which lets one in a hundred through.
    public var bloomBitsPerKey: Double
    /// How many files RocksDB keeps open; -1 for all. Default: 512.
    public var maximumOpenFiles: Int

    public init(
        blockCache: RocksDBBlockCache = .shared, writeBufferSize: Int = 64 << 20, compression: Compression = .lz4,
        bloomBitsPerKey: Double = 10, maximumOpenFiles: Int = 512
    ) {
        self.blockCache = blockCache
        self.writeBufferSize = writeBufferSize
        self.compression = compression
        self.bloomBitsPerKey = bloomBitsPerKey
        self.maximumOpenFiles = maximumOpenFiles
    }
}
