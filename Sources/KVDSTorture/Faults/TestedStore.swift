import KVDS
import KVDSLMDB
import KVDSRocksDB

/// A store that can be looked into, as those on disk can.
typealias TestedStore = any StoreInspecting & SnapshotReading

/// How a store is broken on purpose, to see that a check would notice.
enum Sabotage: String {
    /// A failed commit is reported as a good one.
    case swallowedError = "swallowed-error"
    /// A batch is committed in two halves.
    case halfBatch = "half-batch"
    /// Syncs do nothing.
    case earlyAcknowledgement = "early-acknowledgement"
}

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

extension KeyValueStore {
    /// Commits as a store would that is broken so.
    func commit(_ batch: WriteBatch, _ breakage: Sabotage?) async throws(StoreError) -> CommitResult {
        switch breakage {
        case .swallowedError:
            do throws(StoreError) {
                return try await commit(batch)
            } catch {
                return .committed(.zero, .durable)
            }
        case .halfBatch where batch.mutations.count > 1:
            var halves = (batch, WriteBatch(durability: batch.durability))
            let middle = batch.mutations.count / 2
            halves.0.mutations = Array(batch.mutations[..<middle])
            halves.1.mutations = Array(batch.mutations[middle...])
            guard try await commit(halves.0).isCommitted else { return .conditionFailed(index: 0) }
            return try await commit(halves.1)
        default: return try await commit(batch)
        }
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
