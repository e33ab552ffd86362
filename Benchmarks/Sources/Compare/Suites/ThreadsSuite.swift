import KVDS
import Peers

extension Suite {
    /// Our group commit against RocksDB's own, which groups the writes of waiting threads.
    static func rocksDBThreads(_ settings: Settings) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries) }
        let pair = Lazy { try await EmbeddedPair(.rocksDB, rows.value, settings) }
        let writers = 256
        let each = 60
        let sample = Lazy { try await rows.value.sample(writers * each, seed: 1) }

        func side(_ name: String, _ run: @escaping @Sendable (EmbeddedPair, Dataset) async throws -> Void)
            -> Comparison.Side
        {
            Comparison.Side(name: name, operations: writers * each) {
                _ = try await (pair.value, sample.value)
            } run: {
                try await run(pair.value, sample.value)
                return Checksum()
            }
        }
        return Suite(
            comparisons: [
                Comparison(
                    name: "rocksdb.set.threads.\(writers)",
                    title: "RocksDB durable `set`, \(writers) tasks against \(writers) threads", mark: .none,
                    ours: side("KVDS") {
                        try await Writing.set($1, in: $0.store, durability: .durable, tasks: writers)
                    },
                    peer: side("\(writers) threads, rocksdb_put") {
                        peer_rocksdb_put($0.peer, $1.packed.rows, 1, 1, Int32(writers))
                    })
            ],
            close: { try await pair.made?.close() })
    }
}
