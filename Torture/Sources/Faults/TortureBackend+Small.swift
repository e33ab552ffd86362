#if Command
import KVDS
import KVDSLMDB
import KVDSRocksDB

extension TortureBackend {
    /// Opens the store in the directory at `path`, with small buffers so that little work creates files.
    func openSmall(_ path: String, _ durability: Durability) async throws -> any KeyValueStore {
        let small: Backend = self == .rocksdb ? .rocksDB(RocksDBConfiguration(writeBufferSize: 64 << 10)) : .lmdb
        return try await small.open(at: path, configuration: StoreConfiguration(durability: durability))
    }
}
#endif
