import Peers

/// An engine with a C interface: its names and the calls that drive it.
struct Engine: Sendable {
    struct Calls: Sendable {
        let get: @Sendable (OpaquePointer, peer_rows, Int32, Int32) -> peer_found
        let range: @Sendable (OpaquePointer, peer_rows, Int) -> peer_found
        let scan: @Sendable (OpaquePointer) -> peer_found
        let put: @Sendable (_ peer: OpaquePointer, peer_rows, _ batch: Int, _ durable: Int32) -> Void
        let remove: @Sendable (_ peer: OpaquePointer, peer_rows, _ batch: Int, _ durable: Int32) -> Void
        let snapshots: @Sendable (_ peer: OpaquePointer, _ count: Int) throws -> Void
        let getName: String
        let withValueName: String
        let scanName: String
        let putName: String
        let snapshotName: String
    }

    let name: String
    let title: String
    let driver: EmbeddedPair.Driver
    let calls: Calls
    /// The highest permitted ratio of times for `for try await`.
    let scanMark: Double
    /// Whether the marks for reads from many tasks and for pages apply to this engine.
    let sharesReads: Bool
    /// For each number of tasks, the required multiple of the throughput of successive commits.
    let groupMarks: [Int: Comparison.Mark]
    let bufferedMark: Comparison.Mark
    /// The number of buffered sets in a round.
    let bufferedCount: Int

    static let lmdb = Engine(
        name: "lmdb", title: "LMDB", driver: .lmdb,
        calls: Calls(
            get: { peer_lmdb_get($0, $1, $2, $3) }, range: { peer_lmdb_range($0, $1, $2) },
            scan: { peer_lmdb_scan($0) }, put: { peer_lmdb_put($0, $1, $2, $3) },
            remove: { peer_lmdb_remove($0, $1, $2, $3) }, snapshots: { peer_lmdb_snapshots($0, $1) },
            getName: "C renew, get, copy", withValueName: "C renew, get", scanName: "C cursor",
            putName: "C commit each", snapshotName: "mdb_txn_renew, reset"),
        scanMark: 2.0, sharesReads: true,
        groupMarks: [64: .speedAtLeast(12), 256: .speedAtLeast(25), 1_024: .speedAtLeast(45)], bufferedMark: .none,
        bufferedCount: 10_000)

    static let rocksDB = Engine(
        name: "rocksdb", title: "RocksDB", driver: .rocksDB,
        calls: Calls(
            get: { peer_rocksdb_get($0, $1, $2, $3) }, range: { peer_rocksdb_range($0, $1, $2) },
            scan: { peer_rocksdb_scan($0) }, put: { peer_rocksdb_put($0, $1, $2, $3, 1) },
            remove: { peer_rocksdb_remove($0, $1, $2, $3) }, snapshots: { peer_rocksdb_snapshots($0, $1) },
            getName: "rocksdb_get", withValueName: "rocksdb_get_pinned", scanName: "C iterator",
            putName: "rocksdb_put", snapshotName: "rocksdb_create_snapshot"),
        scanMark: 1.15, sharesReads: false, groupMarks: [256: .speedAtLeast(25)], bufferedMark: .timeAtMost(1.5),
        bufferedCount: 50_000)
}
