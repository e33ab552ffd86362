import KVDS
import KVDSLMDB
import KVDSRocksDB
import Peers

extension EmbeddedPair.Driver {
    /// Both sides start with the same map size, so that neither grows its map during a measurement.
    static let mapSize = 4 << 30

    static let lmdb = EmbeddedPair.Driver(
        backend: .lmdb(LMDBConfiguration(initialMapSize: mapSize)),
        open: { peer_lmdb_open($0, mapSize) },
        close: { peer_lmdb_close($0) })

    static let rocksDB = EmbeddedPair.Driver(
        backend: .rocksDB,
        open: { peer_rocksdb_open($0) },
        close: { peer_rocksdb_close($0) },
        settle: { path in
            let engine = peer_rocksdb_open(path)
            peer_rocksdb_settle(engine)
            peer_rocksdb_close(engine)
        })

    /// A driver with a block cache of `cacheSize` bytes on each side. Our cache is not shared with other stores.
    static func rocksDB(cacheSize: Int) -> EmbeddedPair.Driver {
        EmbeddedPair.Driver(
            backend: .rocksDB(RocksDBConfiguration(blockCache: RocksDBBlockCache(capacity: cacheSize))),
            open: { peer_rocksdb_open_cached($0, cacheSize) }, close: rocksDB.close,
            settle: rocksDB.settle)
    }

    static let rocksDBOptimistic = EmbeddedPair.Driver(
        backend: .rocksDB, open: { peer_rocksdb_open_optimistic($0) }, close: rocksDB.close, settle: rocksDB.settle)

    static let rocksDBLocking = EmbeddedPair.Driver(
        backend: .rocksDB, open: { peer_rocksdb_open_locking($0) }, close: rocksDB.close, settle: rocksDB.settle)
}
