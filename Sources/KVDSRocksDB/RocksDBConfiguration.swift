/// The settings for opening a RocksDB store. Each has a documented default.
public struct RocksDBConfiguration: Hashable, Sendable {
    /// The compression of blocks on disk.
    public enum Compression: Hashable, Sendable {
        case none, snappy, lz4, zstd
    }

    /// The cache of uncompressed blocks. Default: ``RocksDBBlockCache/shared``, of 256 MiB, which all stores of the
    /// process share.
    public var blockCache: RocksDBBlockCache
    /// The number of bytes of writes that are collected in memory before they become a sorted file. Default: 64 MiB.
    public var writeBufferSize: Int
    /// The compression of blocks on disk. Default: `.lz4`. RocksDB must have been built with support for it, as the
    /// packages of Debian and Homebrew are.
    public var compression: Compression
    /// The number of Bloom filter bits for each key, so that most reads of an absent key touch no block; 0 for no
    /// filter. Default: 10, with a false positive rate of one in a hundred.
    public var bloomBitsPerKey: Double
    /// The maximum number of files that RocksDB keeps open; -1 for no limit. Default: 512.
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
