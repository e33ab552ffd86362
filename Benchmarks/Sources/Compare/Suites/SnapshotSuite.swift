import KVDS
import Peers

extension Suite {
    /// Taking and closing a snapshot, compared with the engine's own time for it.
    static func snapshots(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries / 10) }
        let pair = Lazy { try await RedbPair(engine, rows.value, settings) }
        let count = 100_000
        let ours = Comparison.Side(name: "KVDS", operations: count) {
            _ = try await pair.value
        } run: {
            let store = try await pair.value.store
            for _ in 0..<count { try await store.snapshot().close() }
            return Checksum()
        }
        let peer = Comparison.Side(name: engine.calls.snapshotName, operations: count) {
            _ = try await pair.value
        } run: {
            try await engine.calls.snapshots(pair.value.peer, count)
            return Checksum()
        }
        return Suite(
            gauges: [
                Gauge(
                    name: "snapshot.\(engine.name)",
                    title: "\(engine.title) `snapshot()` and `close()`, over the engine's own", unit: "ns",
                    mark: .atMost(200), ours: ours.name, peer: peer.name, figureUnit: "ns"
                ) {
                    let (mine, _) = try await Stopwatch.time(ours)
                    let (theirs, _) = try await Stopwatch.time(peer)
                    return Gauge.Sample(
                        value: mine - theirs, ours: mine, peer: theirs, note: "\((mine / theirs).text) times")
                }
            ],
            close: { try await pair.made?.close() })
    }
}
