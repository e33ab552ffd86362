import KVDS

extension StoreConformance {
    /// Scans of a store that does not change.
    static let scanChecks = [
        Check("a scan returns the keys in order, forward and in reverse") { context, store in
            let entries = try await fill(store, 3_000, context)
            try await context.expect(store, holds: entries)
        },
        Check("a scan with a limit returns at most that many entries") { context, store in
            let entries = try await fill(store, 1_000, context)
            for limit in [0, 1, 2, 99, 999, 1_000, 1_001, .max] {
                try context.expect(try await store.list(limit: limit), Array(entries.prefix(limit)), "limit \(limit)")
                let reversed = Array(entries.reversed().prefix(limit))
                try context.expect(
                    try await store.list(order: .reverse, limit: limit), reversed, "limit \(limit) in reverse")
            }
            try await context.expect(.invalidArgument, from: "limit -1") { _ = try await store.list(limit: -1) }
            try await context.expect(.invalidArgument, from: "limit Int.min") { _ = try await store.list(limit: .min) }
        },
        Check("a range includes its lower bound and excludes its upper bound") { context, store in
            let entries = try await fill(store, 500, context)
            let long = Bytes(repeating: 0x61, count: min(store.limits.maximumKeyLength, 1 << 20) + 1)
            var bounds: [Bytes] = [Bytes(), [0], Bytes(number: 100), Bytes(number: 250), [0xFF], long]
            bounds.append(Bytes(Array(Bytes(number: 100)) + Array(long)))
            bounds.append(Bytes(number: 100).slice(0..<7))
            for lowerBound in bounds {
                for upperBound in bounds.map(Optional.some) + [nil] {
                    let range = KeyRange(from: lowerBound, to: upperBound)
                    let expected = entries.filter { range.contains($0.key) }
                    let what = "a range between bounds of \(lowerBound.count) and \(upperBound?.count ?? -1) bytes"
                    try context.expect(try await store.list(range), expected, what)
                    try context.expect(
                        try await store.list(range, order: .reverse), expected.reversed(), "\(what), in reverse")
                }
            }
        },
        Check("a range may begin or end directly after the longest key") { context, store in
            let longest = Bytes(repeating: 0x61, count: min(store.limits.maximumKeyLength, 65_535))
            let behind = Bytes(Array(longest) + [0])
            let keys: [Bytes] = ["Z", longest, "b"]
            try await store.write { batch in for key in keys { batch.set(key, to: "1") } }
            let ranges = [KeyRange(from: longest, to: behind), KeyRange(from: behind), KeyRange(to: behind)]
            for range in ranges {
                let expected = keys.filter { range.contains($0) }.map { Entry(key: $0, value: "1") }
                try context.expect(try await store.list(range), expected, "a range")
                try context.expect(try await store.list(range, order: .reverse), expected.reversed(), "it in reverse")
            }
            try await store.delete(in: KeyRange(from: behind))
            try context.expect(try await store.list().map(\.key), ["Z", longest], "what is left")
        },
        Check("a prefix scan returns exactly the keys that begin with the prefix") { context, store in
            let keys: [Bytes] = [
                "a", "a\0", "ab", "ab\0", "abc", "ac", "b", [0xFE, 0xFF], [0xFF], [0xFF, 0], [0xFF, 0xFE],
                [0xFF, 0xFF],
                [0xFF, 0xFF, 0], [0xFF, 0xFF, 0xFF],
            ]
            try await store.write { batch in for key in keys { batch.set(key, to: "1") } }
            let prefixes = keys + [Bytes(), "x", [0xFF, 0xFF, 0xFF, 0xFF], [0xFE]]
            for prefix in prefixes {
                let expected = keys.filter { $0.starts(with: prefix) }.map { Entry(key: $0, value: "1") }
                var found: [Entry] = []
                for try await entry in store.entries(prefix: prefix) { found.append(entry) }
                try context.expect(found, expected, "the entries with prefix \(prefix)")
                found = []
                for try await entry in store.entries(prefix: prefix, order: .reverse) { found.append(entry) }
                try context.expect(found, expected.reversed(), "the entries with prefix \(prefix), in reverse")
            }
        },
        Check("a scan of an empty store or range ends at once and stays at its end") { context, store in
            try await context.expect(store, holds: [])
            try await store.set("b", to: "1")
            for range in [
                KeyRange(from: "c"), KeyRange(to: "b"), KeyRange(from: "b", to: "b"), KeyRange(from: "c", to: "a"),
            ] {
                for order in [ScanOrder.forward, .reverse] {
                    var iterator = store.entries(in: range, order: order, limit: nil).makeAsyncIterator()
                    for _ in 0..<3 { try context.expect(try await iterator.next(), nil, "the end of \(range)") }
                }
            }
        },
        Check("the pages of a scan hold all of its entries, and no page is empty") { context, store in
            let entries = try await fill(store, 3_000, context)
            var found: [Entry] = []
            for try await page in store.entries().pages {
                try context.expect(page.count > 0, "a page has entries")
                try context.expect(page.count, Array(page).count, "a page's count")
                found += page
            }
            try context.expect(found, entries, "all pages")
        },
        Check("a scan returns entries of very different lengths unchanged") { context, store in
            let lengths = [0, 1, 100_000, 3, 500_000, 15, 16, 4_000, 130_000, 0, 0].filter {
                $0 <= store.limits.maximumValueLength
            }
            let entries = lengths.enumerated().map { index, length in
                Entry(key: Bytes(number: index), value: Bytes(repeating: UInt8(index), count: length))
            }
            try await store.write { batch in for entry in entries { batch.set(entry.key, to: entry.value) } }
            try context.expect(try await store.list() == entries, "a scan of them")
            try context.expect(try await store.list(order: .reverse) == entries.reversed(), "a scan of them in reverse")
        },
        Check("a scan of 1,000,000 entries returns each of them in order", isLarge: true) { context, store in
            for start in stride(from: 0, to: 1_000_000, by: 10_000) {
                try await store.write(durability: .buffered) { batch in
                    for number in start..<start + 10_000 {
                        batch.set(Bytes(number: number), to: Bytes(number: ~number))
                    }
                }
            }
            var next = 0
            for try await entry in store.entries() {
                try context.expect(entry, Entry(key: Bytes(number: next), value: Bytes(number: ~next)), "entry \(next)")
                next += 1
            }
            try context.expect(next, 1_000_000, "how many")
        },
    ]

    /// Sets `count` entries with values of up to 100 bytes, in random order.
    ///
    /// - Returns: the entries in key order.
    static func fill(_ store: any KeyValueStore, _ count: Int, _ context: CheckContext) async throws -> [Entry] {
        var random = context.random
        let entries = (0..<count).map {
            Entry(key: Bytes(number: $0), value: Bytes(repeating: UInt8($0 & 0xFF), count: random.below(100)))
        }
        let shuffled = entries.shuffled(using: &random)
        try await store.write { batch in for entry in shuffled { batch.set(entry.key, to: entry.value) } }
        return entries
    }
}
