import KVDS

#if LMDB
import KVDSLMDB
#endif
#if RocksDB
import KVDSRocksDB
#endif

/// The backends this build of the command knows: the only place that depends on the traits.
enum CommandBackends {
    static var all: [Backend] {
        var backends: [Backend] = [.memory]
        #if LMDB
        backends.append(.lmdb)
        #endif
        #if RocksDB
        backends.append(.rocksDB)
        #endif
        return backends
    }
}
