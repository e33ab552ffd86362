import KVDS

/// Writes to a store in the way that users write them.
enum Writing {
    /// Sets the rows one after the other, or from several tasks.
    static func set(
        _ rows: Dataset, in store: some KeyValueStore, durability: Durability? = nil, tasks: Int = 1
    ) async throws {
        if tasks == 1 { return try await set(rows, 0..<rows.count, in: store, durability) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                let share = rows.count * task / tasks..<rows.count * (task + 1) / tasks
                group.addTask { try await set(rows, share, in: store, durability) }
            }
            try await group.waitForAll()
        }
    }

    private static func set(
        _ rows: Dataset, _ share: Range<Int>, in store: some KeyValueStore, _ durability: Durability?
    ) async throws {
        for index in share {
            try await store.write(durability: durability) { $0.set(rows.keys[index], to: rows.values[index]) }
        }
    }

    /// Sets the rows in batches of `size`.
    static func load(
        _ rows: Dataset, into store: some KeyValueStore, by size: Int = 1_000, durability: Durability? = nil
    ) async throws {
        for start in stride(from: 0, to: rows.count, by: size) {
            try await store.write(durability: durability) { batch in
                for index in start..<min(start + size, rows.count) {
                    batch.set(rows.keys[index], to: rows.values[index])
                }
            }
        }
    }

    static func remove(
        _ rows: Dataset, from store: some KeyValueStore, by size: Int, durability: Durability? = nil
    ) async throws {
        for start in stride(from: 0, to: rows.count, by: size) {
            try await store.write(durability: durability) { batch in
                for key in rows.keys[start..<min(start + size, rows.count)] { batch.delete(key) }
            }
        }
    }
}
