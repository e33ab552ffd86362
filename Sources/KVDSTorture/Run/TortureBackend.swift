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

    var backend: Backend {
        switch self {
        case .memory: .memory
        case .lmdb: .lmdb
        case .rocksdb: .rocksDB
        }
    }
}

extension TortureBackend {
    /// Opens the store in the directory at `path`.
    ///
    /// - Parameter growsFiles: whether maps and buffers are so small that files grow, and are written out, all the time.
    func open(
        _ path: String, durability: TortureDurability, growsFiles: Bool = false
    ) async throws(StoreError) -> any StoreInspecting {
        let lmdb = LMDBConfiguration(initialMapSize: growsFiles ? 1 << 20 : 256 << 20, maximumReaders: 126)
        let rocksDB = RocksDBConfiguration(writeBufferSize: growsFiles ? 256 << 10 : 64 << 20)
        let backend: Backend =
            switch self {
            case .memory: .memory
            case .lmdb: .lmdb(lmdb)
            case .rocksdb: .rocksDB(rocksDB)
            }
        let store = try await backend.open(
            at: path, configuration: StoreConfiguration(durability: durability.durability))
        guard let store = store as? any StoreInspecting else {
            throw StoreError(.notSupported, "The backend's stores cannot be looked into.", store: path)
        }
        return store
    }
}

/// What commits ask for.
enum TortureDurability: String, CaseIterable, ExpressibleByArgument, Sendable {
    case durable
    case buffered

    var durability: Durability { self == .durable ? .durable : .buffered }
}
