import ArgumentParser
import KVDS
import KVDSLMDB
import KVDSRocksDB

/// What stores are made by.
enum TortureBackend: String, CaseIterable, ExpressibleByArgument, Sendable {
    case memory
    case lmdb
    case rocksdb

    static let disks: [TortureBackend] = [.lmdb, .rocksdb]
}

extension TortureBackend {
    /// The backend, with settings of its own.
    ///
    /// - Parameter growsFiles: whether maps and buffers are so small that files grow, and are written out, all the time.
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

    /// So small that it is soon full: else what it holds would pass for a leak.
    private static let blockCache = RocksDBBlockCache(capacity: 256 << 10)

    /// Opens the store in the directory at `path`; `growsFiles` as for ``configured(growsFiles:)``.
    func open(
        _ path: String, durability: TortureDurability, growsFiles: Bool = false
    ) async throws(StoreError) -> any StoreInspector {
        let store = try await configured(growsFiles: growsFiles).open(
            at: path, configuration: StoreConfiguration(durability: durability.durability))
        guard let store = store as? any StoreInspector else {
            throw StoreError(.notSupported, "The backend's stores cannot be looked into.", store: path)
        }
        return store
    }
}
