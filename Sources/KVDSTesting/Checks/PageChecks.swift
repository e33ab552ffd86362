import KVDS

extension StoreConformance {
    /// Ranges large enough that every store reads them in several pages.
    static let pageChecks = [
        Check("a condition on a range of several pages notices a change anywhere in it") { context, store in
            let entries = try await fillSeveralPages(store)
            let range = KeyRange.prefix("page:")
            func isCommitted(_ range: KeyRange, _ entries: [Entry]) async throws -> Bool {
                let result = try await store.write {
                    $0.require(.unchanged(range, entries)); $0.set("result", to: "1")
                }
                return result.isCommitted
            }
            try context.expect(try await isCommitted(range, entries), "a range that did not change")
            for index in [0, 1_000, entries.count - 1] {
                let (place, entry) = ("at entry \(index)", entries[index])
                let phantom = entry.key.successor
                try await store.set(phantom, to: "phantom")
                try context.expect(try await isCommitted(range, entries), false, "a phantom \(place)")
                try await store.write { batch in
                    batch.delete(phantom); batch.set(entry.key, to: "other")
                }
                try context.expect(try await isCommitted(range, entries), false, "another value \(place)")
                try await store.delete(entry.key)
                try context.expect(try await isCommitted(range, entries), false, "a missing entry \(place)")
                try await store.set(entry.key, to: entry.value)
            }
            try context.expect(try await isCommitted(range, entries), "a range that is as it was")
            try context.expect(try await isCommitted(range, Array(entries.dropLast())), false, "an entry too many")
            let more = entries + [Entry(key: "page:z", value: "1")]
            try context.expect(try await isCommitted(range, more), false, "an entry too few")
            let half = KeyRange(from: entries[1_000].key, to: entries[1_900].key)
            try context.expect(try await isCommitted(half, Array(entries[1_000..<1_900])), "a part that did not change")
        },
        Check("a range deletion over several pages deletes exactly the keys in the range") {
            context, store in
            let entries = try await fillSeveralPages(store)
            try await store.write { batch in
                batch.set("pag", to: "below"); batch.set("q", to: "above")
            }
            var scan = store.entries().makeAsyncIterator()
            var seen = [try await scan.next()]
            let range = KeyRange(from: entries[100].key, to: entries[1_900].key)
            try await store.delete(in: range)
            let below = [Entry(key: "pag", value: "below")]
            let above = [Entry(key: "q", value: "above")]
            let left = Array(entries[..<100]) + Array(entries[1_900...])
            try await context.expect(store, holds: below + left + above)
            while let entry = try await scan.next() { seen.append(entry) }
            try context.expect(seen, (below + entries + above).map(Optional.some), "a scan that was open before")
            try await store.delete(in: .prefix("page:"))
            try await context.expect(store, holds: below + above)
        },
        Check("a snapshot of several pages keeps every entry after all keys were changed or deleted") {
            context, store in
            try context.require(store.snapshots, "snapshots")
            let entries = try await fillSeveralPages(store)
            let snapshot = try await store.snapshot()
            try await store.write { batch in
                for (index, entry) in entries.enumerated() {
                    if index % 2 == 0 { batch.delete(entry.key) } else { batch.set(entry.key, to: "new") }
                    batch.set(entry.key.successor, to: "new")
                }
            }
            try await context.expect(snapshot, holds: entries, "the snapshot's entries")
            let range = KeyRange(from: entries[1].key, to: entries[1_999].key)
            let limited = try await snapshot.list(range, order: .reverse, limit: 1_500)
            try context.expect(limited, Array(entries[499..<1_999].reversed()), "a range with a limit, in reverse")
            try await store.delete(in: .all)
            try await context.expect(snapshot, holds: entries, "the snapshot's entries, when the store is empty")
            snapshot.close()
            try await context.expect(store, holds: [])
        },
    ]

    /// Sets 2,000 entries of 120 bytes: `page:0000` and so on.
    private static func fillSeveralPages(_ store: any KeyValueStore) async throws -> [Entry] {
        let entries = (0..<2_000).map { number in
            Entry(
                key: Bytes("page:\(String(String(10_000 + number).dropFirst()))"),
                value: Bytes(repeating: UInt8(number & 0xFF), count: 111))
        }
        try await store.write { batch in for entry in entries { batch.set(entry.key, to: entry.value) } }
        return entries
    }
}
