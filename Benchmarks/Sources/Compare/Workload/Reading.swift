import KVDS

/// Reads of a store in the way that users write them.
enum Reading {
    static func get(_ keys: some Collection<Bytes> & Sendable, from store: some KeyValueStore) async throws -> Checksum
    {
        var found = Checksum()
        for key in keys {
            if let value = try await store.get(key) { found.add(value.bytes) }
        }
        return found
    }

    static func withValue(_ keys: [Bytes], in store: some KeyValueStore) async throws -> Checksum {
        var found = Checksum()
        for key in keys {
            let one = try await store.withValue(for: key) { value in
                var one = Checksum()
                one.add(value)
                return one
            }
            if let one { found.add(one) }
        }
        return found
    }

    /// The same gets, divided among `tasks`.
    static func get(_ keys: [Bytes], from store: some KeyValueStore, tasks: Int) async throws -> Checksum {
        if tasks == 1 { return try await get(keys, from: store) }
        return try await withThrowingTaskGroup(of: Checksum.self) { group in
            for task in 0..<tasks {
                let share = keys[keys.count * task / tasks..<keys.count * (task + 1) / tasks]
                group.addTask { try await get(share, from: store) }
            }
            return try await group.reduce(into: Checksum()) { $0.add($1) }
        }
    }

    static func scan(_ store: some KeyValueStore) async throws -> Checksum {
        var found = Checksum()
        for try await entry in store.entries(in: .all) { found.add(entry) }
        return found
    }

    static func scanPages(_ store: some KeyValueStore) async throws -> Checksum {
        var found = Checksum()
        for try await page in store.entries(in: .all).pages {
            for entry in page { found.add(entry) }
        }
        return found
    }

    /// Reads up to `length` entries from each key on.
    static func ranges(from keys: [Bytes], length: Int, in store: some KeyValueStore) async throws -> Checksum {
        var found = Checksum()
        for key in keys {
            for try await entry in store.entries(in: KeyRange(from: key), limit: length) {
                found.add(entry.value.bytes)
            }
        }
        return found
    }

    /// The same by pages.
    static func pages(from keys: [Bytes], length: Int, in store: some KeyValueStore) async throws -> Checksum {
        var found = Checksum()
        for key in keys {
            for try await page in store.entries(in: KeyRange(from: key), limit: length).pages {
                for entry in page { found.add(entry.value.bytes) }
            }
        }
        return found
    }
}
