import KVDS

#if LMDB
import KVDSLMDB
#endif
#if RocksDB
import KVDSRocksDB
#endif

/// The backends in this build of the command. No other part of the command depends on the traits.
enum CommandBackends {
    static let all: [Backend] = [.memory] + lmdb + rocksDB

    #if LMDB
    private static let lmdb: [Backend] = [.lmdb]
    #else
    private static let lmdb: [Backend] = []
    #endif

    #if RocksDB
    private static let rocksDB: [Backend] = [.rocksDB]
    #else
    private static let rocksDB: [Backend] = []
    #endif
}
