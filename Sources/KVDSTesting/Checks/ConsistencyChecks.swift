import KVDS

extension StoreConformance {
    /// What a scan returns while the store changes.
    static let consistencyChecks = [
        Check("a scan shows none of 10,000 writes and deletions made after its first element") {
            context, store in
            let entries = try await fill(store, 3_000, context)
            var forward = store.entries().makeAsyncIterator()
            var reverse = store.entries(in: .all, order: .reverse, limit: nil).makeAsyncIterator()
            var ahead = [try await forward.next()]
            var behind = [try await reverse.next()]
            try await overwrite(store, context)
            while let entry = try await forward.next() { ahead.append(entry) }
            while let entry = try await reverse.next() { behind.append(entry) }
            try context.expect(ahead, entries, "the scan")
            try context.expect(behind, entries.reversed(), "the scan in reverse")
            try context.expect(
                try await store.list(KeyRange(to: Bytes(number: 1_000))), [], "a new scan of the deleted range")
        },
        Check("a scan shows exactly the commits made before its first element was requested") { context, store in
            let scan = store.entries()
            var iterator = scan.makeAsyncIterator()
            try await store.set("a", to: "1")
            try context.expect(try await iterator.next(), Entry(key: "a", value: "1"), "the first element")
            try await store.set("b", to: "2")
            try context.expect(try await iterator.next(), nil, "what came later")
            var second = scan.makeAsyncIterator()
            try context.expect(try await second.next()?.key, "a", "the same sequence, walked through again")
            try context.expect(try await second.next()?.key, "b", "the same sequence shows the store as it is now")
        },
        Check("entries stay valid after their scan has ended and their keys are deleted") { context, store in
            let entries = try await fill(store, 500, context)
            let kept = try await store.list()
            let value = try await store.get(entries[400].key)
            try await store.delete(in: .all)
            _ = try await fill(store, 700, context)
            try context.expect(kept, entries, "kept entries")
            try context.expect(value, entries[400].value, "a kept value")
        },
        Check("no reader sees a part of a batch") { context, store in
            let pair: [Bytes] = ["pair:a", "pair:m", "pair:z"]
            let rounds = 300
            try await store.write { batch in for key in pair { batch.set(key, to: Bytes(number: 0)) } }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for order in [ScanOrder.forward, .reverse, .forward] {
                    tasks.addTask {
                        var last = 0
                        while last < rounds {
                            let values = try await store.list(.prefix("pair:"), order: order).map(\.value.number)
                            try context.expect(values.count, pair.count, "how many keys one scan sees")
                            try context.expect(Set(values).count, 1, "how many versions one scan sees")
                            try context.expect(values[0] >= last, "time goes forward, from \(last) to \(values[0])")
                            last = values[0]
                            // A store may never suspend its caller, so yield to let the writer run.
                            await Task.yield()
                        }
                    }
                }
                for round in 1...rounds {
                    try await store.write(durability: .buffered) { batch in
                        batch.delete(in: .prefix("pair:"))
                        for key in pair { batch.set(key, to: Bytes(number: round)) }
                    }
                }
                try await tasks.waitForAll()
            }
        },
    ]

    /// Makes 10,000 writes and deletions in 100 batches, then deletes a range.
    private static func overwrite(_ store: any KeyValueStore, _ context: CheckContext) async throws {
        var random = context.random
        for _ in 0..<100 {
            let numbers = (0..<100).map { _ in random.below(6_000) }
            try await store.write(durability: .buffered) { batch in
                for (index, number) in numbers.enumerated() {
                    if index % 4 == 0 {
                        batch.delete(Bytes(number: number))
                    } else {
                        batch.set(Bytes(number: number), to: "new")
                    }
                }
            }
        }
        try await store.delete(in: KeyRange(to: Bytes(number: 1_000)))
    }
}
