import ArgumentParser
import KVDS
import KVDSLMDB
import KVDSRocksDB

/// What commits ask for.
enum TortureDurability: String, CaseIterable, ExpressibleByArgument, Sendable {
    case durable
    case buffered

    var durability: Durability { self == .durable ? .durable : .buffered }
}
