import KVDS

extension StoreConformance {
    /// Keys and values at a store's limits and beyond them.
    static let limitChecks = [
        Check("every call accepts the longest key and throws .invalidKey for one byte more") { context, store in
            let length = store.limits.maximumKeyLength
            // A store without a practical limit is tested with a shorter key.
            let key = Bytes(repeating: 0x61, count: min(length, 65_535))
            try await store.set(key, to: "1")
            try context.expect(try await store.get(key), "1", "the value of the longest key")
            try await context.expect(store, holds: [Entry(key: key, value: "1")])
            if length <= 65_535 { try await expectInvalid(Bytes(repeating: 0x61, count: length + 1), context, store) }
            try await context.expect(store, holds: [Entry(key: key, value: "1")], "entries after refused calls")
            try await store.delete(key)
            try await context.expect(store, holds: [])
        },
        Check("an empty key throws .invalidKey in every call") { context, store in
            try await expectInvalid(Bytes(), context, store)
            try await context.expect(store, holds: [], "entries after refused calls")
        },
        Check("a value that is too long throws .invalidValue and changes nothing") { context, store in
            let length = store.limits.maximumValueLength
            guard length <= 1 << 24 else { return }
            let longest = Bytes(repeating: 1, count: length)
            try await store.set("a", to: longest)
            try await context.expect(.invalidValue, from: "a batch with a long value") {
                try await store.write {
                    $0.set("b", to: "1"); $0.set("a", to: Bytes(repeating: 1, count: length + 1))
                }
            }
            try await context.expect(store, holds: [Entry(key: "a", value: longest)])
        },
        Check("keys and values hold every byte value") { context, store in
            var entries: [Entry] = []
            for byte in UInt8.min...UInt8.max {
                entries.append(Entry(key: [byte], value: [byte, 0, byte]))
                entries.append(Entry(key: [byte, 0], value: [0, byte]))
            }
            try await store.write { batch in for entry in entries.reversed() { batch.set(entry.key, to: entry.value) } }
            for entry in entries {
                try context.expect(try await store.get(entry.key), entry.value, "value of \(entry.key)")
            }
            try await context.expect(store, holds: entries)
        },
        Check("keys with a common beginning are kept apart") { context, store in
            let keys =
                (1...100).map { Bytes(repeating: 0, count: $0) } + (1...100).map { Bytes(repeating: 0xFF, count: $0) }
            try await store.write { batch in for key in keys { batch.set(key, to: Bytes(number: key.count)) } }
            try await context.expect(store, holds: keys.map { Entry(key: $0, value: Bytes(number: $0.count)) })
            try await store.delete(keys[49])
            try context.expect(try await store.get(keys[48]), Bytes(number: 49), "the key before the deleted one")
            try context.expect(try await store.get(keys[49]), nil, "the deleted key")
            try context.expect(try await store.get(keys[50]), Bytes(number: 51), "the key after the deleted one")
        },
        Check("values of every length up to 1 MB are kept whole") { context, store in
            let lengths = [1, 15, 16, 255, 256, 1_023, 1_024, 1_025, 2_000, 4_095, 4_096, 16_384, 65_536, 1 << 20]
            try await keep(lengths.filter { $0 <= store.limits.maximumValueLength }, context, store)
        },
        Check("a value of 64 MB is kept whole", isLarge: true) { context, store in
            guard store.limits.maximumValueLength >= 64 << 20 else { return }
            try await keep([64 << 20], context, store)
        },
    ]

    private static func keep(_ lengths: [Int], _ context: CheckContext, _ store: any KeyValueStore) async throws {
        let entries = lengths.map { length in
            let pattern = (0..<251).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ length) }
            return Entry(
                key: Bytes(number: length),
                value: Bytes(repeatElement(pattern, count: length / 251 + 1).joined().prefix(length)))
        }
        for entry in entries { try await store.set(entry.key, to: entry.value) }
        for entry in entries {
            try context.expect(try await store.get(entry.key) == entry.value, "a value of \(entry.value.count) bytes")
        }
        try context.expect(try await store.list() == entries, "a scan of them")
        for entry in entries {
            try await store.set(entry.key, to: "short")
            try context.expect(try await store.get(entry.key), "short", "a short value after a long one")
        }
    }

    /// Makes every call that takes a key, with an invalid key.
    private static func expectInvalid(_ key: Bytes, _ context: CheckContext, _ store: any KeyValueStore) async throws {
        let conditions: [WriteBatch.Condition] = [.absent(key), .present(key), .equals(key, "1")]
        for condition in conditions {
            try await context.expect(.invalidKey, from: "a condition") {
                try await store.write {
                    $0.require(condition); $0.set("other", to: "1")
                }
            }
        }
        try await context.expect(.invalidKey, from: "get") { _ = try await store.get(key) }
        try await context.expect(.invalidKey, from: "multi-key get") { _ = try await store.get(["a", key]) }
        try await context.expect(.invalidKey, from: "exists") { _ = try await store.exists(key) }
        try await context.expect(.invalidKey, from: "withValue") {
            _ = try await store.withValue(for: key) { (_: RawSpan) in 0 }
        }
        try await context.expect(.invalidKey, from: "set") { try await store.set(key, to: "1") }
        try await context.expect(.invalidKey, from: "delete") { try await store.delete(key) }
        try await context.expect(.invalidKey, from: "setIfAbsent") { _ = try await store.setIfAbsent(key, to: "1") }
        try await context.expect(.invalidKey, from: "compareAndSwap") {
            _ = try await store.compareAndSwap(key, expected: nil, new: "1")
        }
        try await context.expect(.invalidKey, from: "compareAndDelete") {
            _ = try await store.compareAndDelete(key, expected: "1")
        }
        try await context.expect(.invalidKey, from: "a batch") {
            try await store.write {
                $0.set("other", to: "1"); $0.set(key, to: "1")
            }
        }
        try context.expect(try await store.get("other"), nil, "a key of a refused batch")
    }
}
