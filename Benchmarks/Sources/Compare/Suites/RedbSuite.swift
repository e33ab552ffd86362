import KVDS

extension Suite {
    /// The workload of redb's published table, with keys of 24 bytes and values of 150 bytes, against the engine driven
    /// from C.
    ///
    /// redb loads 5,000,000 entries once and runs each line once. Here both sides run many rounds, so the store holds
    /// `entries` (1,000,000), which is still far larger than the processor's caches. Each round is a fraction of
    /// redb's:
    ///
    ///     line                  redb                              a round here, with 1,000,000 entries
    ///     bulk                  5,000,000 in one transaction      250,000 in one, into an empty store
    ///     commit                1,000, one by one                 500
    ///     batches               100 of 1,000                      20 of 1,000
    ///     get                   1,000,000                         250,000
    ///     range10               500,000                           125,000
    ///     get.4, get.8          all entries on 4, 8, 16, 32       250,000 in all, on 4 and 8
    ///     remove                half of all, one transaction      50,000 in one
    ///     size                  of all                            of all
    static func redb(_ settings: Settings, _ engine: Engine) -> Suite {
        let redb = RedbBenchmark(settings, engine)
        var comparisons = [redb.bulk]
        // Commits of a memory store are measured by the `set` of its own suite.
        if engine.hasFiles { comparisons.append(redb.commits) }
        comparisons += [redb.batches, redb.gets(1), redb.ranges, redb.gets(4), redb.gets(8), redb.removals]
        return Suite(
            comparisons: comparisons, gauges: engine.hasFiles ? [redb.size] : [], close: { try await redb.close() })
    }
}

/// The fixtures of redb's benchmark on one engine, with its lines as comparisons.
struct RedbBenchmark: Sendable {
    let settings: Settings
    let engine: Engine
    let rows: Lazy<Dataset>
    let loaded: Lazy<RedbPair>
    private let empty: PerRound<RedbPair>

    init(_ settings: Settings, _ engine: Engine) {
        self.settings = settings
        self.engine = engine
        let rows = Lazy { RedbBenchmark.rows(settings.entries) }
        self.rows = rows
        loaded = Lazy { try await RedbPair(engine, rows.value, settings) }
        empty = PerRound({ _ in try await RedbPair(engine, nil, settings) }, end: { try await $0.close() })
    }

    static func rows(_ count: Int, first: Int = 0) -> Dataset {
        Dataset(count: count, keyLength: 24, valueLength: 150, first: first)
    }

    func close() async throws {
        try await empty.close()
        try await loaded.made?.close()
    }

    func comparison(_ name: String, _ title: String, ours: Comparison.Side, peer: Comparison.Side) -> Comparison {
        Comparison(
            name: "redb.\(engine.name).\(name)", title: "redb's workload on \(engine.title): \(title)", mark: .none,
            ours: ours, peer: peer)
    }

    /// The two sides of a pair are loaded one after the other. Each round uses a new pair.
    var bulk: Comparison {
        let count = settings.entries / 4
        let part = Lazy { try await rows.value.prefix(count) }
        return comparison(
            "bulk", "an empty store loaded in one transaction",
            ours: Comparison.Side(name: "KVDS", operations: count) {
                _ = try await part.value
                try await empty.renew()
            } run: {
                try await Writing.load(part.value, into: empty.value.store, by: count)
                return Checksum()
            },
            peer: Comparison.Side(name: "C", operations: count) {
                try await engine.calls.put(empty.value.peer, part.value.packed.rows, count, 1)
                return Checksum()
            })
    }
}

extension Engine {
    /// Whether the engine stores data on disk.
    var hasFiles: Bool { name != "memory" }
}
