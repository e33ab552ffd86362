public import KVDS

extension Backend {
    /// Stores in RocksDB directories: fast writes, compressed, larger than memory; one process at a time.
    public static let rocksDB = rocksDB(RocksDBConfiguration())

    /// Stores in RocksDB directories, with your own settings. The settings do not make it a different backend: a store
    /// gets the settings of the request that opens it.
    public static func rocksDB(_ settings: RocksDBConfiguration) -> Backend {
        Backend(name: "rocksdb", isPersistent: true) { location, configuration throws(StoreError) in
            try await RocksDBStore.open("rocksdb:\(location)", configuration: configuration) { () throws(StoreError) in
                try RocksDBEngine(path: location, configuration: settings)
            }
        }
    }
}
