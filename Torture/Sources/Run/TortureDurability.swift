#if Command
import ArgumentParser
import KVDS
import KVDSLMDB
import KVDSRocksDB

/// The durability that commits request.
enum TortureDurability: String, CaseIterable, ExpressibleByArgument, Sendable {
    case durable
    case buffered

    var durability: Durability { self == .durable ? .durable : .buffered }
}
#endif
