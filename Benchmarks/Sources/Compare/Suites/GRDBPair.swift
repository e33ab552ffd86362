import Foundation
import KVDS

/// One of our stores and a table with the same contents.
struct GRDBPair: Sendable {
    let store: StoreHandle
    let table: GRDBTable
    private let distributor: DistributorActor

    init(_ backend: Backend, _ rows: Dataset?, _ settings: Settings) async throws {
        distributor = DistributorActor(directory: settings.path("grdb"))
        store = try await distributor.store("ours", on: backend)
        table = try GRDBTable(path: distributor.directory + "/table.sqlite")
        if let rows {
            try await Writing.load(rows, into: store, by: 10_000)
            try await table.load(GRDBRows(rows))
        }
    }

    func close() async throws {
        try table.close()
        await distributor.shutdown()
        try FileManager.default.removeItem(atPath: distributor.directory)
    }
}

/// The keys to read, in the form for each side.
struct GRDBSample: Sendable {
    let keys: [Bytes]
    let rows: GRDBRows

    init(_ sample: Dataset) {
        keys = sample.keys
        rows = GRDBRows(sample)
    }
}
