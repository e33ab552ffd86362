import Foundation
import KVDS

extension Suite {
    /// The core workloads of YCSB on one of our stores, with records of 15-byte keys and 100-byte values.
    ///
    /// Each cell of the table is a run of two seconds. On disk every commit is synced before it is acknowledged, so the
    /// cells with many tasks show the gain from sharing a sync.
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

    /// The same on a GRDB table.
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

    /// - Parameter makeFixture: loads the rows; `keys` also has keys for records that are inserted later.
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
