import KVDS
import Peers

extension Suite {
    /// Durable and buffered commits, and loading, against the same in C.
    static func writes(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazily { Dataset(count: settings.entries) }
        let pair = Lazily { try await EmbeddedPair(engine.driver, rows.value, settings) }
        let name = engine.name

        /// Overwrites random keys of the loaded store.
        func sets(
            _ tasks: Int, each: Int, peer peerCount: Int, mark: Comparison.Mark, durability: Durability = .durable
        ) -> Comparison {
            let isDurable = durability == .durable
            let word = isDurable ? "durable" : "buffered"
            let ours = Lazily { try await rows.value.sample(tasks * each, seed: 1) }
            let theirs = Lazily { try await rows.value.sample(peerCount, seed: 2) }
            return Comparison(
                name: "\(name).set.\(word).\(tasks)",
                title: "\(engine.title) \(word) `set`, \(tasks) task\(tasks == 1 ? "" : "s")", mark: mark,
                ours: Comparison.Side(name: "KVDS", operations: tasks * each) {
                    _ = try await (pair.value, ours.value)
                } run: {
                    try await Writing.set(ours.value, in: pair.value.store, durability: durability, tasks: tasks)
                    return Found()
                },
                peer: Comparison.Side(name: engine.calls.putName, operations: peerCount) {
                    _ = try await theirs.value
                } run: {
                    try await engine.calls.put(pair.value.peer, theirs.value.packed.rows, 1, isDurable ? 1 : 0)
                    return Found()
                })
        }

        var comparisons = [sets(1, each: 500, peer: 500, mark: .timeAtMost(1.10))]
        if engine.sharesReads {
            comparisons += [
                sets(64, each: 100, peer: 500, mark: .speedAtLeast(12)),
                sets(256, each: 60, peer: 500, mark: .speedAtLeast(25)),
                sets(1_024, each: 30, peer: 500, mark: .speedAtLeast(45)),
                sets(1, each: 20_000, peer: 20_000, mark: .none, durability: .buffered),
            ]
        } else {
            comparisons += [
                sets(64, each: 100, peer: 500, mark: .none),
                sets(256, each: 60, peer: 500, mark: .speedAtLeast(25)),
                sets(1_024, each: 30, peer: 500, mark: .none),
                sets(1, each: 50_000, peer: 50_000, mark: .timeAtMost(1.5), durability: .buffered),
            ]
        }
        return Suite(comparisons: comparisons, close: { try await pair.made?.close() })
    }

    /// Loading an empty store by batches of a thousand, each synced.
    static func loads(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazily { Dataset(count: settings.entries / 4) }
        let pair = Replaced { try await EmbeddedPair(engine.driver, nil, settings) }
        return Suite(
            comparisons: [
                Comparison(
                    name: "\(engine.name).load", title: "\(engine.title) load by batches of 1,000, random order",
                    mark: .timeAtMost(1.15),
                    ours: Comparison.Side(name: "KVDS", operations: settings.entries / 4) {
                        _ = try await rows.value
                        try await pair.replace()
                    } run: {
                        try await Writing.load(rows.value, into: pair.value.store, durability: .durable)
                        return Found()
                    },
                    peer: Comparison.Side(name: "C batches", operations: settings.entries / 4) {
                        try await engine.calls.put(pair.value.peer, rows.value.packed.rows, 1_000, 1)
                        return Found()
                    })
            ],
            close: { try await pair.close() })
    }
}

/// A pair that is thrown away and made anew for every round.
actor Replaced {
    private let make: @Sendable () async throws -> EmbeddedPair
    private var current: EmbeddedPair?

    init(_ make: @escaping @Sendable () async throws -> EmbeddedPair) { self.make = make }

    var value: EmbeddedPair {
        get throws {
            guard let current else { throw CancellationError() }
            return current
        }
    }

    func replace() async throws {
        try await close()
        current = try await make()
    }

    func close() async throws {
        try await current?.close()
        current = nil
    }
}
