public import KVDS

extension Backend {
    /// Stores in RocksDB directories: fast writes, compressed, larger than memory; one process at a time.
    public static let rocksDB = rocksDB(RocksDBConfiguration())

    /// Stores in RocksDB directories with settings of your own. It is the same backend: the settings count for the request
    /// that opens a store.
    public static func rocksDB(_ settings: RocksDBConfiguration) -> Backend {
        Backend(name: "rocksdb", isPersistent: true) { location, configuration throws(StoreError) in
            try await RocksDBStore.open("rocksdb:\(location)", configuration: configuration) { () throws(StoreError) in
                try RocksDBEngine(path: location, configuration: settings)
            }
        }
    }
}
