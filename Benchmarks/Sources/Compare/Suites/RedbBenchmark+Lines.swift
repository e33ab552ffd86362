import KVDS

/// The lines of redb's benchmark that need a loaded store.
extension RedbBenchmark {
    var commits: Comparison { inserts("commit", "one by one", count: 500, by: 1) }
    var batches: Comparison { inserts("batches", "batches of 1,000", count: 20_000, by: 1_000) }

    /// Inserts new rows in every round, the same on both sides.
    private func inserts(_ name: String, _ title: String, count: Int, by size: Int) -> Comparison {
        // Numbers that no other row has, including those of the other lines.
        let first = settings.entries + size * 10_000_000
        let ours = PerRound { RedbBenchmark.rows(count, first: first + $0 * count) }
        let theirs = PerRound { RedbBenchmark.rows(count, first: first + $0 * count) }
        return comparison(
            name, title,
            ours: Comparison.Side(name: "KVDS", operations: count) {
                _ = try await loaded.value
                try await ours.renew()
            } run: {
                try await Writing.load(ours.value, into: loaded.value.store, by: size)
                return Checksum()
            },
            peer: Comparison.Side(name: "C", operations: count) {
                try await theirs.renew()
            } run: {
                try await engine.calls.put(loaded.value.peer, theirs.value.packed.rows, size, 1)
                return Checksum()
            })
    }

    /// - Parameter tasks: the number of tasks, and of threads of the peer.
    func gets(_ tasks: Int) -> Comparison {
        reads(
            tasks == 1 ? "get" : "get.\(tasks)", tasks == 1 ? "random gets" : "random gets, \(tasks) tasks",
            count: settings.entries / 4, peer: tasks == 1 ? engine.calls.getName : "\(tasks) threads",
            ours: { try await Reading.get($1.keys, from: $0.store, tasks: tasks) },
            theirs: { Checksum(engine.calls.get($0.peer, $1.packed.rows, 1, Int32(tasks))) })
    }

    var ranges: Comparison {
        reads(
            "range10", "ten entries from a random key", count: settings.entries / 8, peer: engine.calls.scanName,
            ours: { try await Reading.ranges(from: $1.keys, length: 10, in: $0.store) },
            theirs: { Checksum(engine.calls.range($0.peer, $1.packed.rows, 10)) })
    }

    private func reads(
        _ name: String, _ title: String, count: Int, peer: String,
        ours: @escaping @Sendable (RedbPair, Dataset) async throws -> Checksum,
        theirs: @escaping @Sendable (RedbPair, Dataset) async throws -> Checksum
    ) -> Comparison {
        let sample = Lazy { try await rows.value.sample(count) }
        func side(
            _ name: String, _ run: @escaping @Sendable (RedbPair, Dataset) async throws -> Checksum
        ) -> Comparison.Side {
            Comparison.Side(name: name, operations: count) {
                _ = try await (loaded.value, sample.value)
            } run: {
                try await run(loaded.value, sample.value)
            }
        }
        return comparison(name, title, ours: side("KVDS", ours), peer: side(peer, theirs))
    }

    /// The rows are inserted again before the clock starts.
    var removals: Comparison {
        let count = settings.entries / 20
        let chosen = Lazy { try await rows.value.prefix(count) }
        return comparison(
            "remove", "removals in one transaction",
            ours: Comparison.Side(name: "KVDS", operations: count) {
                try await Writing.load(chosen.value, into: loaded.value.store, by: count)
            } run: {
                try await Writing.remove(chosen.value, from: loaded.value.store, by: count)
                return Checksum()
            },
            peer: Comparison.Side(name: "C", operations: count) {
                try await engine.calls.put(loaded.value.peer, chosen.value.packed.rows, count, 1)
            } run: {
                try await engine.calls.remove(loaded.value.peer, chosen.value.packed.rows, count, 1)
                return Checksum()
            })
    }

    /// The size of the files on disk after all rows were loaded in one transaction, while the store is open.
    var size: Gauge {
        Gauge(
            name: "redb.\(engine.name).size", title: "redb's workload on \(engine.title): size on disk", unit: "",
            mark: nil, ours: "KVDS", peer: "C", figureUnit: "MB", maximumRounds: 1,
            prepare: { _ = try await rows.value },
            measure: {
                let rows = try await rows.value
                let pair = try await RedbPair(engine, nil, settings)
                try await Writing.load(rows, into: pair.store, by: rows.count)
                engine.calls.put(pair.peer, rows.packed.rows, rows.count, 1)
                let (ours, peer) = try pair.sizes
                try await pair.close()
                return Gauge.Sample(
                    value: Double(ours) / Double(peer), ours: Double(ours) / 1e6, peer: Double(peer) / 1e6,
                    note: "\((Double(ours) / Double(rows.payload)).text) bytes for each byte of payload")
            })
    }
}
