import KVDS
import Peers

extension Suite {
    /// Commits, against the same commits in C. Each round starts with an empty store on both sides.
    static func commits(_ settings: Settings, _ engine: Engine) -> Suite {
        let pair = PerRound(
            { _ in try await EmbeddedPair(engine.driver, nil, settings) }, end: { try await $0.close() })
        let sets = Sets(settings, engine) {
            try await pair.renew()
        } pair: {
            try await pair.value
        }
        let c = engine.calls
        return Suite(
            comparisons: [
                sets.compared(tasks: 1, each: 500, mark: .timeAtMost(1.10), c.putName, each: 1, of: 500),
                sets.compared(tasks: 64, each: 300, mark: engine.groupMarks[64], c.putName, each: 1, of: 500),
                sets.compared(tasks: 256, each: 100, mark: engine.groupMarks[256], c.putName, each: 1, of: 500),
                sets.compared(tasks: 1_024, each: 30, mark: engine.groupMarks[1_024], c.putName, each: 1, of: 500),
                // Compares the largest commit groups with the engine's best throughput.
                sets.compared(
                    tasks: 1_024, each: 30, mark: nil, "C batches of 1,000", each: 1_000, of: 30_000, name: "floor"),
            ],
            close: { try await pair.close() })
    }

    /// Commits to a filled store: overwrites of random keys.
    static func overwrites(_ settings: Settings, _ engine: Engine) -> Suite {
        let pair = Lazy {
            try await EmbeddedPair(engine.driver, Dataset(count: settings.entries), settings)
        }
        let sets = Sets(settings, engine) {
        } pair: {
            try await pair.value
        }
        let c = engine.calls
        return Suite(
            comparisons: [
                sets.compared(tasks: 1, each: 500, mark: nil, c.putName, each: 1, of: 500, name: "full"),
                sets.compared(tasks: 256, each: 60, mark: nil, c.putName, each: 1, of: 500, name: "full"),
                sets.compared(
                    tasks: 256, each: 60, mark: nil, "C batches of 256", each: 256, of: 15_360, name: "full.floor"),
                sets.compared(
                    tasks: 1, each: engine.bufferedCount, mark: engine.bufferedMark, c.putName, each: 1,
                    of: engine.bufferedCount, durability: .buffered),
            ],
            close: { try await pair.made?.close() })
    }

    /// Loading an empty store in batches of a thousand, each synced.
    static func loads(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries / 4) }
        let pair = PerRound(
            { _ in try await EmbeddedPair(engine.driver, nil, settings) }, end: { try await $0.close() })
        return Suite(
            comparisons: [
                Comparison(
                    name: "\(engine.name).load", title: "\(engine.title) load by batches of 1,000, random order",
                    mark: .timeAtMost(1.15),
                    ours: Comparison.Side(name: "KVDS", operations: settings.entries / 4) {
                        _ = try await rows.value
                        try await pair.renew()
                    } run: {
                        try await Writing.load(rows.value, into: pair.value.store, durability: .durable)
                        return Checksum()
                    },
                    peer: Comparison.Side(name: "C batches", operations: settings.entries / 4) {
                        try await engine.calls.put(pair.value.peer, rows.value.packed.rows, 1_000, 1)
                        return Checksum()
                    })
            ],
            close: { try await pair.close() })
    }
}
