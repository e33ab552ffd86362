import KVDS
import Peers

/// A store of many rows, its peer, and the keys to read.
struct GrownPair: Sendable {
    let store: StoreHandle
    let peerGet: @Sendable (peer_rows) -> peer_found
    let peerRange: @Sendable (peer_rows, _ length: Int) -> peer_found
    /// Keys from the whole store, and keys that many entries follow.
    let anywhere: Dataset
    let early: Dataset
    let close: @Sendable () async throws -> Void

    /// A store on an engine, and the engine driven from C.
    static func embedded(_ engine: Engine, count: Int, _ settings: Settings) async throws -> GrownPair {
        let rows = OrderedRows(count: count)
        // The cache holds all blocks that are read. Only the store grows, not the share that is read from disk.
        let driver: EmbeddedPair.Driver = engine.name == "rocksdb" ? .rocksDB(cacheSize: 1 << 30) : engine.driver
        let pair = try await EmbeddedPair(driver, settings) { store in
            try await rows.forEachBatch {
                try await Writing.load($0, into: store, by: $0.count, durability: .buffered)
            }
        }
        return GrownPair(
            store: pair.store, peerGet: { engine.calls.get(pair.peer, $0, 1, 1) },
            peerRange: { engine.calls.range(pair.peer, $0, $1) }, rows: rows, close: { try await pair.close() })
    }

    /// A memory store and a `std::map`.
    static func memory(count: Int) async throws -> GrownPair {
        let rows = OrderedRows(count: count)
        let pair = try await MemoryPair(Dataset(keys: [], values: []))
        try await rows.forEachBatch {
            try await Writing.load($0, into: pair.store, by: $0.count)
            peer_map_set(pair.peer, $0.packed.rows)
        }
        return GrownPair(
            store: pair.store, peerGet: { peer_map_get(pair.peer, $0, 1) },
            peerRange: { peer_map_range(pair.peer, $0, $1) }, rows: rows, close: {})
    }

    private init(
        store: StoreHandle, peerGet: @escaping @Sendable (peer_rows) -> peer_found,
        peerRange: @escaping @Sendable (peer_rows, Int) -> peer_found, rows: OrderedRows,
        close: @escaping @Sendable () async throws -> Void
    ) {
        self.store = store
        self.peerGet = peerGet
        self.peerRange = peerRange
        self.close = close
        anywhere = rows.sample(GrownPair.sampleSize)
        early = rows.sample(GrownPair.pageStarts, of: 0.5)
    }

    static let sampleSize = 50_000
    static let pageStarts = 40
}
