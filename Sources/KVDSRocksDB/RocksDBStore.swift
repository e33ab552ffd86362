package import KVDS

/// A store in a RocksDB directory, which one process can open.
package typealias RocksDBStore = EmbeddedStore<RocksDBEngine>
