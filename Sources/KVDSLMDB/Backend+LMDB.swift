public import KVDS

extension Backend {
    /// Stores in LMDB files: fast reads, any number of processes, keys up to 511 bytes.
    public static let lmdb = lmdb(LMDBConfiguration())

    /// Stores in LMDB files with settings of your own. It is the same backend: the settings count for the request that
    /// opens a store.
    public static func lmdb(_ settings: LMDBConfiguration) -> Backend {
        Backend(name: "lmdb", isPersistent: true) { location, configuration throws(StoreError) in
            try await LMDBStore.open("lmdb:\(location)", configuration: configuration) { () throws(StoreError) in
                try LMDBEngine(path: location, configuration: settings)
            }
        }
    }
}
