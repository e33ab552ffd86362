import KVDS
import Peers

extension Engine {
    /// The memory store. Its peer is a `std::map` behind a `std::mutex`, which has neither batches nor durability.
    static let memory = Engine(
        name: "memory", title: "memory",
        driver: EmbeddedPair.Driver(
            backend: .memory, open: { _ in peer_map_create() }, close: { peer_map_destroy($0) }),
        calls: Calls(
            get: { peer_map_get($0, $1, $3) }, range: { peer_map_range($0, $1, $2) }, scan: { peer_map_scan($0) },
            put: { peer, rows, _, _ in peer_map_set(peer, rows) },
            remove: { peer, rows, _, _ in peer_map_remove(peer, rows) },
            // Here the peer is our own engine, so the store's overhead over it is measured.
            snapshots: { _, count in
                let engine = MemoryEngine()
                for _ in 0..<count { _ = try engine.makeSnapshot() }
            },
            getName: "std::map, mutex", withValueName: "std::map, mutex", scanName: "std::map, mutex",
            putName: "std::map, mutex", snapshotName: "MemoryEngine"),
        scanMark: 0.4, sharesReads: true, groupMarks: [:], bufferedMark: .none, bufferedCount: 0)
}
