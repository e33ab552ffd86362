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

/// What commits ask for.
enum TortureDurability: String, CaseIterable, ExpressibleByArgument, Sendable {
    case durable
    case buffered

    var durability: Durability { self == .durable ? .durable : .buffered }
}
