import KVDS
import Peers

extension Suite {
    /// The memory store against a `std::map` behind a `std::mutex`.
    static func memory(_ settings: Settings) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries) }
        let sample = Lazy { try await rows.value.sample(settings.entries / 4) }
        let pair = Lazy { try await MemoryPair(rows.value) }
        let count = settings.entries / 4
        let prepare: @Sendable () async throws -> Void = {
            _ = try await pair.value
            _ = try await sample.value
        }
        func side(
            _ name: String, _ operations: Int, _ run: @escaping @Sendable (MemoryPair, Dataset) async throws -> Checksum
        ) -> Comparison.Side {
            Comparison.Side(name: name, operations: operations, prepare: prepare) {
                try await run(pair.value, sample.value)
            }
        }
        let map = "std::map, mutex"
        return Suite(
            comparisons: [
                Comparison(
                    name: "memory.get.1", title: "memory `get`, 1 task against 1 thread", mark: .timeAtMost(0.5),
                    ours: side("KVDS", count) { try await Reading.get($1.keys, from: $0.store) },
                    peer: side(map, count) { Checksum(peer_map_get($0.peer, $1.packed.rows, 1)) }),
                Comparison(
                    name: "memory.get.2", title: "memory `get`, 2 tasks against 2 threads", mark: .timeAtMost(0.25),
                    ours: side("KVDS", count) { try await Reading.get($1.keys, from: $0.store, tasks: 2) },
                    peer: side(map, count) { Checksum(peer_map_get($0.peer, $1.packed.rows, 2)) }),
                Comparison(
                    name: "memory.get.8", title: "memory `get`, 8 tasks against 1", mark: .speedAtLeast(1.8),
                    ours: side("8 tasks", count) { try await Reading.get($1.keys, from: $0.store, tasks: 8) },
                    peer: side("1 task", count) { try await Reading.get($1.keys, from: $0.store) }),
                Comparison(
                    name: "memory.scan", title: "memory `for try await` over all, against a copying scan",
                    mark: .timeAtMost(0.4),
                    ours: side("KVDS", settings.entries) { pair, _ in try await Reading.scan(pair.store) },
                    peer: side(map, settings.entries) { pair, _ in Checksum(peer_map_scan(pair.peer)) }),
                Comparison(
                    name: "memory.set", title: "memory `set`, new keys in random order", mark: .timeAtMost(1.0),
                    ours: Comparison.Side(name: "KVDS", operations: settings.entries, prepare: prepare) {
                        let rows = try await rows.value
                        let store = MemoryStore()
                        try await Writing.set(rows, in: store)
                        return Checksum()
                    },
                    peer: Comparison.Side(name: map, operations: settings.entries, prepare: prepare) {
                        let rows = try await rows.value
                        let peer = peer_map_create()
                        peer_map_set(peer, rows.packed.rows)
                        peer_map_destroy(peer)
                        return Checksum()
                    }),
            ],
            close: {})
    }
}

/// A memory store and a map with the same contents.
///
/// `@unchecked Sendable` is correct because the map is behind its mutex.
final class MemoryPair: @unchecked Sendable {
    let store: StoreHandle
    let peer: OpaquePointer
    private let distributor = DistributorActor(directory: "/nonexistent")

    init(_ rows: Dataset) async throws {
        store = try await distributor.store("memory", on: .memory)
        try await Writing.set(rows, in: store)
        peer = peer_map_create()
        peer_map_set(peer, rows.packed.rows)
    }

    deinit { peer_map_destroy(peer) }
}
