import Foundation
import KVDS
import Peers

extension Suite {
    /// Whether a store under load leaves the cooperative pool to others.
    static func heartbeat(_ settings: Settings, _ engine: Engine) -> Suite {
        // So small a cache that a read hardly ever finds its block there.
        let driver: EmbeddedPair.Driver = engine.name == "rocksdb" ? .rocksDB(cacheSize: 1 << 20) : engine.driver
        let rows = OrderedRows(count: settings.entries)
        let load = Lazily { try await LoadedStore(driver, rows, settings) }
        let time = Duration.seconds(2)
        let slow = 100.0

        let late = Gauge(
            name: "\(engine.name).heartbeat",
            title: "\(engine.title) a beat each ms beside 64 durable writers and cold reads, p99 lag over idle",
            unit: "ms", mark: .atMost(2), ours: "under load", peer: "idle", figureUnit: "ms"
        ) {
            _ = try await load.value
        } measure: {
            let idle = try await Heartbeat.beat(for: time)
            let (lags, note) = try await load.value.beat(for: time)
            return Gauge.Sample(
                value: max(lags.p99 - idle.p99, 0), ours: lags.p99, peer: idle.p99,
                note: "worst beat \(lags.worst.text) ms, idle \(idle.worst.text) ms; \(note)")
        }
        let held = Gauge(
            name: "\(engine.name).heartbeat.slow",
            title: "\(engine.title) the same while each sync takes \(Int(slow)) ms more, worst beat", unit: "ms",
            mark: .atMost(slow / 2), ours: "worst beat", peer: "a sync", figureUnit: "ms"
        ) {
            _ = try await load.value
        } measure: {
            peer_delay_syncs(Int(slow) * 1_000)
            defer { peer_delay_syncs(0) }
            _ = peer_take_syncs()
            let (lags, note) = try await load.value.beat(for: time)
            let syncs = peer_take_syncs()
            return Gauge.Sample(
                value: lags.worst, ours: lags.worst, peer: Double(syncs.nanoseconds) / Double(syncs.count) / 1e6,
                note: note)
        }
        #if os(Linux)
        let gauges = [late, held]
        #else
        // Elsewhere a sync cannot be made to take longer.
        let gauges = [late]
        #endif
        return Suite(gauges: gauges) { try await load.made?.close() }
    }
}

/// A store with the work that is put upon it.
private struct LoadedStore: Sendable {
    private let load: Load
    private let distributor: DistributorActor

    init(_ driver: EmbeddedPair.Driver, _ rows: OrderedRows, _ settings: Settings) async throws {
        distributor = DistributorActor(directory: settings.path("loaded"))
        let store = try await distributor.store("loaded", on: driver.backend)
        try await rows.forEachBatch {
            try await Writing.load($0, into: store, by: $0.count, durability: .buffered)
        }
        load = Load(store: store, rows: rows, directory: "\(distributor.directory)/\(driver.backend.name)/loaded")
    }

    /// The beats under load, and what the load was.
    func beat(for time: Duration) async throws -> (Heartbeat.Lags, note: String) {
        let before = peer_bytes_read()
        let (lags, done) = try await load.during { try await Heartbeat.beat(for: time) }
        let seconds = time / .seconds(1)
        let megabytes = Double(peer_bytes_read() - before) / 1e6
        return (
            lags,
            "\((Double(done.sets) / seconds).text) sets and \((Double(done.gets) / seconds).text) gets a second,"
                + " \((megabytes / seconds).text) MB a second from the disk"
        )
    }

    func close() async throws {
        await distributor.shutdown()
        try FileManager.default.removeItem(atPath: distributor.directory)
    }
}
