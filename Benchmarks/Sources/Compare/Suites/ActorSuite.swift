import KVDS

/// The simplest alternative to a store: an actor around a dictionary.
actor DictionaryActor {
    private var entries: [Bytes: Bytes] = [:]

    func get(_ key: Bytes) -> Bytes? { entries[key] }
    func set(_ key: Bytes, to value: Bytes) { entries[key] = value }
}

extension DictionaryActor {
    /// The gets of ``Reading``, divided among `tasks`.
    nonisolated func get(_ keys: [Bytes], tasks: Int) async throws -> Checksum {
        try await withThrowingTaskGroup(of: Checksum.self) { group in
            for task in 0..<tasks {
                let share = keys[keys.count * task / tasks..<keys.count * (task + 1) / tasks]
                group.addTask {
                    var found = Checksum()
                    for key in share {
                        if let value = await self.get(key) { found.add(value.bytes) }
                    }
                    return found
                }
            }
            return try await group.reduce(into: Checksum()) { $0.add($1) }
        }
    }
}

extension Suite {
    /// The memory store against a plain actor with the same contents.
    static func plainActor(_ settings: Settings) -> Suite {
        let rows = Lazy { Dataset(count: settings.entries) }
        let sample = Lazy { try await rows.value.sample(settings.entries / 4) }
        let store = Lazy {
            let store = try await DistributorActor(directory: settings.path("actor")).store("memory", on: .memory)
            try await Writing.set(rows.value, in: store)
            return store
        }
        let peer = Lazy {
            let rows = try await rows.value
            let peer = DictionaryActor()
            for (key, value) in zip(rows.keys, rows.values) { await peer.set(key, to: value) }
            return peer
        }
        func gets(_ tasks: Int, mark: Comparison.Mark) -> Comparison {
            Comparison(
                name: "actor.get.\(tasks)",
                title: "memory `get` against a plain actor, \(tasks) task\(tasks == 1 ? "" : "s")", mark: mark,
                ours: Comparison.Side(name: "KVDS", operations: settings.entries / 4) {
                    _ = try await (store.value, sample.value)
                } run: {
                    try await Reading.get(sample.value.keys, from: store.value, tasks: tasks)
                },
                peer: Comparison.Side(name: "actor", operations: settings.entries / 4) {
                    _ = try await peer.value
                } run: {
                    try await peer.value.get(sample.value.keys, tasks: tasks)
                })
        }
        return Suite(comparisons: [gets(8, mark: .speedAtLeast(4)), gets(1, mark: .none)], close: {})
    }
}
