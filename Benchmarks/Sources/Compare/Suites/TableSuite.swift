import KVDS
import KVDSRecords

extension Suite {
    /// Reads of a table on LMDB, against the same reads of its store without decoding.
    static func tables(_ settings: Settings) -> Suite {
        let count = settings.entries / 4
        let users = Lazy {
            try await UserTable(EmbeddedPair.Driver.lmdb.backend, User.samples(settings.entries), settings)
        }
        let ids = Lazy {
            var random = SplitMix64(seed: 1)
            return (0..<count).map { _ in Int.random(in: 1...settings.entries, using: &random) }
        }
        let keys = Lazy {
            let all = try await users.value.storeKeys()
            return try await ids.value.compactMap { all[$0] }
        }
        return Suite(
            comparisons: [
                Comparison(
                    name: "records.table.get", title: "LMDB `table.get`, random, against `get` of the same bytes",
                    mark: .timeAtMost(1.6),
                    ours: Comparison.Side(name: "table.get", operations: count) {
                        _ = try await (users.value, ids.value)
                    } run: {
                        try await TableWork.get(ids.value, from: users.value.table)
                    },
                    peer: Comparison.Side(name: "store.get", operations: count) {
                        _ = try await keys.value
                    } run: {
                        try await Reading.get(keys.value, from: users.value.store)
                    },
                    findsTheSame: false)
            ],
            close: { try await users.made?.close() })
    }
}
