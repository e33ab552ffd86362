#if Command
import ArgumentParser
import KVDS
import KVDSLMDB
import KVDSRocksDB

/// The backends under test.
enum TortureBackend: String, CaseIterable, ExpressibleByArgument, Sendable {
    case memory
    case lmdb
    case rocksdb

    static let disks: [TortureBackend] = [.lmdb, .rocksdb]
}

extension TortureBackend {
    /// The backend with its settings for torture.
    ///
    /// - Parameter growsFiles: whether to use small maps and buffers, so that files grow and buffers are flushed
    ///   constantly.
    func configured(growsFiles: Bool) -> Backend {
        switch self {
        case .memory: .memory
        case .lmdb: .lmdb(LMDBConfiguration(initialMapSize: growsFiles ? 1 << 20 : 256 << 20, maximumReaders: 126))
        case .rocksdb:
            .rocksDB(
                RocksDBConfiguration(
                    blockCache: Self.blockCache, writeBufferSize: growsFiles ? 256 << 10 : 64 << 20))
        }
    }

    /// Small enough to fill up quickly; otherwise its growth would look like a leak.
    private static let blockCache = RocksDBBlockCache(capacity: 256 << 10)

    /// Opens the store in the directory at `path`. For `growsFiles` see ``configured(growsFiles:)``.
    func open(
        _ path: String, durability: TortureDurability, growsFiles: Bool = false
    ) async throws(StoreError) -> any KeyValueStore {
        try await configured(growsFiles: growsFiles).open(
            at: path, configuration: StoreConfiguration(durability: durability.durability))
    }
}
#endif
