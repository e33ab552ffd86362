import Foundation
import KVDS

extension Suite {
    /// The core workloads of YCSB on records with keys of 15 and values of 100 bytes, on a store of ours.
    ///
    /// Each cell of the table is one run of two seconds. What is written to disk is synced before it is acknowledged, so that
    /// the cells with many tasks show what commits gain from sharing a sync.
    static func ycsb(_ settings: Settings, _ engine: Engine) -> Suite {
        let directory = settings.path("ycsb")
        return ycsb(engine.name, settings, tasks: [1, 8, 64, 256]) { rows, keys in
            let distributor = DistributorActor(directory: directory)
            let store = try await distributor.store("ycsb", on: engine.driver.backend)
            try await Writing.load(rows, into: store, by: 10_000)
            return YCSBFixture(
                target: YCSBStore(store: store, keys: keys, values: rows.values), rows: rows, capacity: keys.count
            ) {
                await distributor.shutdown()
                if engine.hasFiles { try FileManager.default.removeItem(atPath: directory) }
            }
        }
    }

    /// The same on a table of GRDB's.
    static func ycsbGRDB(_ settings: Settings) -> Suite {
        let directory = settings.path("ycsb")
        return ycsb("grdb", settings, tasks: [1, 64]) { rows, keys in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let table = try GRDBTable(path: "\(directory)/table.sqlite")
            let loaded = GRDBRows(rows)
            try await table.load(loaded)
            return YCSBFixture(
                target: YCSBTable(table: table, keys: keys.map { Data($0) }, values: loaded.values), rows: rows,
                capacity: keys.count
            ) {
                try table.close()
                try FileManager.default.removeItem(atPath: directory)
            }
        }
    }

    /// - Parameter makeFixture: loads the rows; there are keys for them and for those that are inserted.
    private static func ycsb(
        _ name: String, _ settings: Settings, tasks: [Int],
        makeFixture: @escaping @Sendable (_ rows: Dataset, _ keys: [Bytes]) async throws -> YCSBFixture
    ) -> Suite {
        let fixture = Lazy {
            let rows = Dataset(count: settings.entries)
            return try await makeFixture(rows, rows.keys + Dataset.keys(settings.entries..<settings.entries * 3))
        }
        let runs = YCSBWorkload.all.flatMap { workload in
            tasks.map { tasks in
                YCSBRun(backend: name, workload: workload.letter, tasks: tasks) {
                    try await fixture.value.run(workload, tasks: tasks, on: name)
                }
            }
        }
        return Suite(ycsb: runs, close: { try await fixture.made?.close() })
    }
}
