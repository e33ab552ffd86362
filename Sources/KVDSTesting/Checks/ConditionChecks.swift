import KVDS

extension StoreConformance {
    /// Conditions, and the calls built on them.
    static let conditionChecks = [
        Check("a batch takes effect only if all its conditions hold") { context, store in
            try await store.write {
                $0.set("a", to: "1"); $0.set("empty", to: Bytes())
            }
            let holding: [WriteBatch.Condition] = [
                .present("a"), .equals("a", "1"), .absent("b"), .present("empty"), .equals("empty", Bytes()),
            ]
            let failing: [WriteBatch.Condition] = [
                .absent("a"), .present("b"), .equals("a", "2"), .equals("a", "11"), .equals("a", Bytes()),
                .equals("b", "1"), .equals("b", Bytes()), .absent("empty"),
            ]
            for condition in holding {
                let result = try await store.write {
                    $0.require(condition); $0.set("done", to: "1")
                }
                try context.expect(result.isCommitted, "\(condition) holds")
                try await store.delete("done")
            }
            for condition in failing {
                let result = try await store.write {
                    $0.require(condition); $0.set("done", to: "1")
                }
                try context.expect(result, .conditionFailed(index: 0), "a batch with \(condition)")
                try context.expect(try await store.get("done"), nil, "what it would have set")
            }
        },
        Check("a failing condition in the middle of a batch discards the whole batch") { context, store in
            let before: [Entry] = [
                Entry(key: "a", value: "1"), Entry(key: "b", value: "2"), Entry(key: "c", value: "3"),
            ]
            try await store.write { batch in for entry in before { batch.set(entry.key, to: entry.value) } }
            let result = try await store.write { batch in
                batch.set("d", to: "4")
                batch.require(.present("a"))
                batch.delete("a")
                batch.require(.equals("b", "other"))
                batch.delete(in: KeyRange.all)
                batch.require(.present("c"))
                batch.set("e", to: "5")
            }
            try context.expect(result, .conditionFailed(index: 1), "the result")
            try await context.expect(store, holds: before)
        },
        Check("conditions are checked against the store as it was before the batch") { context, store in
            let result = try await store.write { batch in
                batch.set("a", to: "1")
                batch.require(.absent("a"))
            }
            try context.expect(result.isCommitted, "a condition on a key that the batch itself sets")
            try context.expect(try await store.get("a"), "1", "the value")
        },
        Check("an unchanged-range condition holds only if the range has exactly the given entries") { context, store in
            let range = KeyRange.prefix("r:")
            let entries = (0..<2_000).map { Entry(key: Bytes("r:\(10_000 + $0)"), value: Bytes(number: $0)) }
            try await store.write { batch in
                batch.set("before", to: "1"); batch.set("s", to: "1")
                for entry in entries { batch.set(entry.key, to: entry.value) }
            }
            func judge(_ range: KeyRange, _ entries: [Entry]) async throws -> Bool {
                let result = try await store.write {
                    $0.require(.unchanged(range, entries)); $0.set("z", to: "1")
                }
                return result.isCommitted
            }
            try context.expect(try await judge(range, entries), "a range that did not change")
            try context.expect(try await judge(.prefix("none"), []), "an empty range")
            try context.expect(try await judge(KeyRange(from: "s", to: "r"), []), "an inverted range")
            try context.expect(try await judge(.prefix("r"), Array(entries.dropLast())) == false, "an entry too many")
            try context.expect(try await judge(range, Array(entries.dropFirst())) == false, "another first entry")
            try context.expect(
                try await judge(range, entries + [Entry(key: "r:z", value: "1")]) == false, "an entry too few")
            try await store.set("r:10500a", to: "phantom")
            try context.expect(try await judge(range, entries) == false, "a phantom")
            try await store.delete("r:10500a")
            try await store.set(entries[1_000].key, to: "other")
            try context.expect(try await judge(range, entries) == false, "another value")
            try await store.delete(entries[1_000].key)
            try context.expect(try await judge(range, entries) == false, "a missing entry")
        },
        Check("setIfAbsent sets a key only if it has no value") { context, store in
            try context.expect(try await store.setIfAbsent("a", to: "1"), true, "the first")
            try context.expect(try await store.setIfAbsent("a", to: "2"), false, "the second")
            try context.expect(try await store.get("a"), "1", "the value")
            try await store.delete("a")
            try context.expect(try await store.setIfAbsent("a", to: "3"), true, "after a deletion")
        },
        Check("compareAndSwap and compareAndDelete act on the value they expect") { context, store in
            try context.expect(try await store.compareAndSwap("a", expected: "1", new: "2"), false, "of a missing key")
            try context.expect(
                try await store.compareAndSwap("a", expected: nil, new: "1"), true, "nil, of a missing key")
            try context.expect(
                try await store.compareAndSwap("a", expected: nil, new: "2"), false, "nil, of a key that is there")
            try context.expect(
                try await store.compareAndSwap("a", expected: "0", new: "2"), false, "with a wrong value")
            try context.expect(try await store.get("a"), "1", "the value after swaps that failed")
            try context.expect(
                try await store.compareAndSwap("a", expected: "1", new: "2"), true, "with the right value")
            try context.expect(try await store.get("a"), "2", "the value after a swap")
            try context.expect(
                try await store.compareAndDelete("a", expected: "1"), false, "deletion with a wrong value")
            try context.expect(try await store.compareAndDelete("b", expected: "1"), false, "deletion of a missing key")
            try context.expect(
                try await store.compareAndDelete("a", expected: "2"), true, "deletion with the right value")
            try await context.expect(store, holds: [])
        },
    ]
}
