public import KVDS

/// A store in a RocksDB directory, which one process can open.
public typealias RocksDBStore = EmbeddedStore<RocksDBEngine>
