import KVDS
import KVDSRecords

extension Suite {
    /// A table on LMDB against a table of GRDB, with the same records and the same durability: each commit is synced.
    static func users(_ settings: Settings) -> Suite {
        let count = settings.entries / 20
        let pair = Lazy { try await UserPair(User.samples(settings.entries), settings) }
        let ids = Lazy {
            var random = SplitMix64(seed: 1)
            return (0..<count).map { _ in Int.random(in: 1...settings.entries, using: &random) }
        }
        func side(
            _ name: String, _ operations: Int, _ run: @escaping @Sendable (UserPair, [Int]) async throws -> Checksum
        ) -> Comparison.Side {
            Comparison.Side(name: name, operations: operations) {
                _ = try await (pair.value, ids.value)
            } run: {
                try await run(pair.value, ids.value)
            }
        }
        let gets = side("KVDS", count) { try await TableWork.get($1, from: $0.ours.table) }
        let empty = PerRound({ _ in try await UserPair([], settings) }, end: { try await $0.close() })
        return Suite(
            comparisons: [
                Comparison(
                    name: "records.grdb.get", title: "table against GRDB, random `get`", mark: .speedAtLeast(5),
                    ours: gets, peer: side("GRDB read each", count) { try await $0.peer.getEach($1) }),
                Comparison(
                    name: "records.grdb.get.one", title: "table against GRDB with all its gets in one `read`",
                    mark: .none, ours: gets, peer: side("GRDB one read", count) { try await $0.peer.get($1) }),
                Comparison(
                    name: "records.grdb.scan", title: "table against GRDB, all records", mark: .speedAtLeast(3),
                    ours: side("KVDS", settings.entries) { pair, _ in try await TableWork.scan(pair.ours.table) },
                    peer: side("GRDB cursor", settings.entries) { pair, _ in try await pair.peer.scan() }),
                Comparison(
                    name: "records.grdb.ordered", title: "table against GRDB, ten ordered records by an index",
                    mark: .speedAtLeast(3),
                    ours: side("KVDS", 2_000) { pair, _ in
                        try await Checksum(TableWork.youngest(10, in: cities(2_000), of: pair.ours.table))
                    },
                    peer: side("GRDB", 2_000) { pair, _ in
                        try await Checksum(pair.peer.youngest(10, in: cities(2_000)))
                    }),
                inserts(into: empty),
            ],
            close: {
                try await empty.close()
                try await pair.made?.close()
            })
    }

    /// The cities to ask for, one after the other.
    private static func cities(_ count: Int) -> [String] {
        var text = SampleText()
        return (0..<count).map { _ in text.city() }
    }

    /// Inserts into an empty table on both sides, so that both files grow.
    private static func inserts(into pair: PerRound<UserPair>) -> Comparison {
        let users = Lazy { User.samples(20_000) }
        return Comparison(
            name: "records.grdb.insert", title: "table against GRDB, durable inserts of 1,000", mark: .speedAtLeast(2),
            ours: Comparison.Side(name: "KVDS", operations: 20_000) {
                try await pair.renew()
                _ = try await users.value
            } run: {
                try await TableWork.insert(users.value, into: pair.value.ours.table)
                return Checksum()
            } check: {
                try await TableWork.scan(pair.value.ours.table)
            },
            peer: Comparison.Side(name: "GRDB insert", operations: 20_000) {
                try await pair.value.peer.insert(users.value)
                return Checksum()
            } check: {
                try await pair.value.peer.scan()
            })
    }
}
