import Foundation
import KVDS

extension Suite {
    /// A store of ours against a table of GRDB's that holds the same.
    static func grdb(_ settings: Settings, _ engine: Engine) -> Suite {
        let rows = Lazily { Dataset(count: settings.entries) }
        let pair = Lazily { try await GRDBPair(engine.driver.backend, rows.value, settings) }
        let count = settings.entries / 20
        let writers = 256
        let sample = Lazily { try await GRDBSample(rows.value.sample(count)) }
        // SQLite writes nothing when a value stays what it was.
        let ours = Renewed { try await rows.value.sample(writers * 60, seed: 1).revalued(by: 1 + $0) }
        let theirs = Renewed { try await GRDBRows(rows.value.sample(writers * 4, seed: 2).revalued(by: 1 + $0)) }

        func side(
            _ name: String, _ operations: Int, _ run: @escaping @Sendable (GRDBPair, GRDBSample) async throws -> Found
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
                Comparison(
                    name: "grdb.set.durable.\(writers)\(suffix)", title: "\(title), durable `set`, \(writers) tasks",
                    mark: .speedAtLeast(20),
                    ours: Comparison.Side(name: "KVDS", operations: writers * 60) {
                        _ = try await pair.value
                        try await ours.renew()
                    } run: {
                        try await Writing.set(ours.value, in: pair.value.store, durability: .durable, tasks: writers)
                        return Found()
                    },
                    peer: Comparison.Side(name: "GRDB write each", operations: writers * 4) {
                        try await theirs.renew()
                    } run: {
                        try await pair.value.table.set(theirs.value, tasks: writers)
                        return Found()
                    }),
            ],
            close: { try await pair.made?.close() })
    }
}

/// A store of ours and a table that hold the same.
struct GRDBPair: Sendable {
    let store: StoreHandle
    let table: GRDBTable
    private let distributor: DistributorActor

    init(_ backend: Backend, _ rows: Dataset, _ settings: Settings) async throws {
        distributor = DistributorActor(directory: settings.path("grdb"))
        store = try await distributor.store("ours", on: backend)
        try await Writing.load(rows, into: store, by: 10_000)
        table = try GRDBTable(path: distributor.directory + "/table.sqlite")
        try await table.load(GRDBRows(rows))
    }

    func close() async throws {
        try table.close()
        await distributor.shutdown()
        try FileManager.default.removeItem(atPath: distributor.directory)
    }
}

/// The rows that are read, as both sides take them.
struct GRDBSample: Sendable {
    let keys: [Bytes]
    let rows: GRDBRows

    init(_ sample: Dataset) {
        keys = sample.keys
        rows = GRDBRows(sample)
    }
}
