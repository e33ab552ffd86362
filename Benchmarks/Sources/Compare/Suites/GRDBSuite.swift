import Foundation
import KVDS

extension Suite {
    /// One of our stores against a GRDB table with the same contents.
    static func grdb(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries) }
        let pair = Lazy { try await GRDBPair(engine.driver.backend, rows.value, settings) }
        let count = settings.entries / 20
        let sample = Lazy { try await GRDBSample(rows.value.sample(count)) }
        let empty = PerRound(
            { _ in try await GRDBPair(engine.driver.backend, nil, settings) }, end: { try await $0.close() })

        func side(
            _ name: String, _ operations: Int,
            _ run: @escaping @Sendable (GRDBPair, GRDBSample) async throws -> Checksum
        ) -> Comparison.Side {
            Comparison.Side(name: name, operations: operations) {
                _ = try await (pair.value, sample.value)
            } run: {
                try await run(pair.value, sample.value)
            }
        }
        let suffix = engine.name == "lmdb" ? "" : ".\(engine.name)"
        let title = "\(engine.title) against GRDB"
        return Suite(
            comparisons: [
                Comparison(
                    name: "grdb.get\(suffix)", title: "\(title), random `get`", mark: .speedAtLeast(3),
                    ours: side("KVDS", count) { try await Reading.get($1.keys, from: $0.store) },
                    peer: side("GRDB read each", count) { try await $0.table.getEach($1.rows.keys) }),
                Comparison(
                    name: "grdb.get.one\(suffix)", title: "\(title) with all its gets in one `read`", mark: .none,
                    ours: side("KVDS", count) { try await Reading.get($1.keys, from: $0.store) },
                    peer: side("GRDB one read", count) { try await $0.table.get($1.rows.keys) }),
                Comparison(
                    name: "grdb.scan\(suffix)", title: "\(title), `for try await` over all", mark: .speedAtLeast(3),
                    ours: side("KVDS", settings.entries) { pair, _ in try await Reading.scan(pair.store) },
                    peer: side("GRDB cursor", settings.entries) { pair, _ in try await pair.table.scan() }),
                // Into an empty store and an empty table, as in the comparisons with C, so that both files grow.
                grdbSets(
                    "\(suffix)", title, mark: .speedAtLeast(20), rows, renew: { try await empty.renew() },
                    pair: { try await empty.value }),
                grdbSets(
                    ".full\(suffix)", "\(title), \(settings.entries) entries", mark: .none, rows, renew: {},
                    pair: { try await pair.value }),
            ],
            close: {
                try await empty.close()
                try await pair.made?.close()
            })
    }

    /// Durable sets by 256 tasks.
    private static func grdbSets(
        _ suffix: String, _ title: String, mark: Comparison.Mark, _ rows: Lazy<Dataset>,
        renew: @escaping @Sendable () async throws -> Void, pair: @escaping @Sendable () async throws -> GRDBPair
    ) -> Comparison {
        let tasks = 256
        // Values differ in each round, because SQLite does not write an unchanged value.
        let ours = PerRound { try await rows.value.sample(tasks * 60, seed: 1).revalued(by: 1 + $0) }
        let theirs = PerRound { try await GRDBRows(rows.value.sample(tasks * 4, seed: 2).revalued(by: 1 + $0)) }
        return Comparison(
            name: "grdb.set.durable.\(tasks)\(suffix)", title: "\(title), durable `set`, \(tasks) tasks", mark: mark,
            ours: Comparison.Side(name: "KVDS", operations: tasks * 60) {
                try await ours.renew()
                try await renew()
                _ = try await pair()
            } run: {
                try await Writing.set(ours.value, in: pair().store, durability: .durable, tasks: tasks)
                return Checksum()
            },
            peer: Comparison.Side(name: "GRDB write each", operations: tasks * 4) {
                try await theirs.renew()
            } run: {
                try await pair().table.set(theirs.value, tasks: tasks)
                return Checksum()
            })
    }
}
