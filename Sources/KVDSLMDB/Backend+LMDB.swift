public import KVDS

extension Backend {
    /// Stores in LMDB files: fast reads, any number of processes, keys up to 511 bytes.
    public static let lmdb = lmdb(LMDBConfiguration())

    /// Stores in LMDB files, with your own settings. The settings do not make it a different backend: a store gets the
    /// settings of the request that opens it.
    public static func lmdb(_ settings: LMDBConfiguration) -> Backend {
        Backend(name: "lmdb", isPersistent: true) { location, configuration throws(StoreError) in
            try await LMDBStore.open("lmdb:\(location)", configuration: configuration) { () throws(StoreError) in
                try LMDBEngine(path: location, configuration: settings)
            }
        }
    }
}
