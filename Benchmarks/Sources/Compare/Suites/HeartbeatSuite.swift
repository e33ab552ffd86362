import Foundation
import KVDS
import Peers

extension Suite {
    /// Checks that a store under load leaves the cooperative pool to other tasks.
    static func heartbeat(_ settings: Settings, _ engine: Engine) -> Suite {
        // The cache is so small that a read rarely finds its block there.
        let driver: EmbeddedPair.Driver = engine.name == "rocksdb" ? .rocksDB(cacheSize: 1 << 20) : engine.driver
        let rows = OrderedRows(count: settings.entries)
        let load = Lazy { try await LoadedStore(driver, rows, settings) }
        let slow = 100.0

        let late = Gauge(
            name: "\(engine.name).heartbeat",
            title: "\(engine.title) a beat each ms beside 64 durable writers and cold reads, p99 lag over idle",
            unit: "ms", mark: .atMost(2), ours: "under load", peer: "idle", figureUnit: "ms"
        ) {
            _ = try await load.value
        } measure: {
            let idle = try await Heartbeat.lags(for: LoadedStore.slice * LoadedStore.slices)
            let (lags, note) = try await load.value.lags()
            return Gauge.Sample(
                value: lags.p99 - idle.p99, ours: lags.p99, peer: idle.p99,
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
            let (lags, note) = try await load.value.lags()
            let syncs = peer_take_syncs()
            return Gauge.Sample(
                value: lags.worst, ours: lags.worst, peer: Double(syncs.nanoseconds) / Double(syncs.count) / 1e6,
                note: note)
        }
        #if os(Linux)
        let gauges = [late, held]
        #else
        // On other systems a sync cannot be delayed.
        let gauges = [late]
        #endif
        return Suite(gauges: gauges) { try await load.made?.close() }
    }
}

/// A store with its load.
private struct LoadedStore: Sendable {
    private let load: Load
    private let distributor: DistributorActor
    private let directory: String

    init(_ driver: EmbeddedPair.Driver, _ rows: OrderedRows, _ settings: Settings) async throws {
        distributor = DistributorActor(directory: settings.path("loaded"))
        let store = try await distributor.store("loaded", on: driver.backend)
        try await rows.forEachBatch {
            try await Writing.load($0, into: store, by: $0.count, durability: .buffered)
        }
        load = Load(store: store, rows: rows)
        directory = "\(distributor.directory)/\(driver.backend.name)/loaded"
    }

    static let slice = Duration.milliseconds(500)
    static let slices = 4

    /// Returns the lags of the heartbeat under load, and a description of the load.
    ///
    /// Before each slice the files are evicted from memory. Slices are short, because reads load the files again.
    func lags() async throws -> ([Double], note: String) {
        var all: [Double] = []
        var sets = 0
        var gets = 0
        var bytes: UInt64 = 0
        for _ in 0..<Self.slices {
            peer_evict(directory)
            let before = peer_bytes_read()
            let (lags, done) = try await load.during { try await Heartbeat.lags(for: Self.slice) }
            bytes += peer_bytes_read() - before
            all += lags
            sets += done.sets
            gets += done.gets
        }
        let seconds = Self.slice * Self.slices / .seconds(1)
        func rate(_ amount: Double) -> String { (amount / seconds).text }
        return (
            all,
            "\(rate(Double(sets))) sets and \(rate(Double(gets))) gets a second, "
                + "\(rate(Double(bytes) / 1e6)) MB a second from the disk"
        )
    }

    func close() async throws {
        await distributor.shutdown()
        try FileManager.default.removeItem(atPath: distributor.directory)
    }
}
