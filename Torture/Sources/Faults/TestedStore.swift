import KVDS
import KVDSLMDB
import KVDSRocksDB

/// A store that can be looked into, as those on disk can.
typealias TestedStore = any StoreInspector & SnapshotProvider & BackupProvider

extension TortureBackend {
    /// Opens the store in the directory at `path`, with small buffers, so that little work makes files.
    func openSmall(_ path: String, _ durability: Durability) async throws -> TestedStore {
        let small: Backend = self == .rocksdb ? .rocksDB(RocksDBConfiguration(writeBufferSize: 64 << 10)) : .lmdb
        let store = try await small.open(at: path, configuration: StoreConfiguration(durability: durability))
        guard let store = store as? TestedStore else {
            throw StoreError(.notSupported, "The stores of this backend cannot be looked into.", store: path)
        }
        return store
    }
}

extension StoreReader {
    /// All entries.
    func all() async throws(StoreError) -> [Entry] {
        var all: [Entry] = []
        for try await entry in entries() { all.append(entry) }
        return all
    }
}
