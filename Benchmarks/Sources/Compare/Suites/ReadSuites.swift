import KVDS
import Peers

extension Suite {
    /// Reads of 1,000,000 entries on LMDB and RocksDB, against the same reads in C.
    static func reads(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries) }
        let pair = Lazy { try await EmbeddedPair(engine.driver, rows.value, settings) }
        let sample = Lazy { try await rows.value.sample(settings.entries / 4) }
        let prepare: @Sendable () async throws -> Void = {
            _ = try await pair.value
            _ = try await sample.value
        }
        let count = settings.entries / 4

        func side(
            _ name: String, _ operations: Int,
            _ run: @escaping @Sendable (EmbeddedPair, Dataset) async throws -> Checksum
        ) -> Comparison.Side {
            Comparison.Side(name: name, operations: operations, prepare: prepare) {
                try await run(pair.value, sample.value)
            }
        }
        let name = engine.name
        let c = engine.calls
        return Suite(
            comparisons: [
                Comparison(
                    name: "\(name).get", title: "\(engine.title) `get`, random", mark: .timeAtMost(1.10),
                    ours: side("KVDS", count) { try await Reading.get($1.keys, from: $0.store) },
                    peer: side(c.getName, count) { Checksum(c.get($0.peer, $1.packed.rows, 1, 1)) }),
                Comparison(
                    name: "\(name).withValue", title: "\(engine.title) `withValue`, random", mark: .timeAtMost(1.05),
                    ours: side("KVDS", count) { try await Reading.withValue($1.keys, in: $0.store) },
                    peer: side(c.withValueName, count) { Checksum(c.get($0.peer, $1.packed.rows, 0, 1)) }),
                Comparison(
                    name: "\(name).get.8", title: "\(engine.title) `get`, 8 tasks against 1",
                    mark: engine.sharesReads ? .speedAtLeast(1.8) : .none,
                    ours: side("8 tasks", count) { try await Reading.get($1.keys, from: $0.store, tasks: 8) },
                    peer: side("1 task", count) { try await Reading.get($1.keys, from: $0.store, tasks: 1) }),
                Comparison(
                    name: "\(name).get.2threads", title: "\(engine.title) `get`, 2 tasks against 2 C threads",
                    mark: .none,
                    ours: side("2 tasks", count) { try await Reading.get($1.keys, from: $0.store, tasks: 2) },
                    peer: side("2 threads", count) { Checksum(c.get($0.peer, $1.packed.rows, 1, 2)) }),
                Comparison(
                    name: "\(name).scan", title: "\(engine.title) `for try await` over all",
                    mark: .timeAtMost(engine.scanMark),
                    ours: side("KVDS", settings.entries) { pair, _ in try await Reading.scan(pair.store) },
                    peer: side(c.scanName, settings.entries) { pair, _ in Checksum(c.scan(pair.peer)) }),
                Comparison(
                    name: "\(name).pages", title: "\(engine.title) scan by pages",
                    mark: engine.sharesReads ? .timeAtMost(1.25) : .none,
                    ours: side("KVDS", settings.entries) { pair, _ in try await Reading.scanPages(pair.store) },
                    peer: side(c.scanName, settings.entries) { pair, _ in Checksum(c.scan(pair.peer)) }),
                Comparison(
                    name: "\(name).range10", title: "\(engine.title) ten entries from a random key", mark: .none,
                    ours: side("KVDS", count) { try await Reading.ranges(from: $1.keys, length: 10, in: $0.store) },
                    peer: side(c.scanName, count) { Checksum(c.range($0.peer, $1.packed.rows, 10)) }),
            ],
            close: { try await pair.made?.close() })
    }
}
