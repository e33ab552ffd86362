import KVDS

extension StoreConformance {
    /// Every call of a store, cancelled at each of its suspension points.
    static let cancellationChecks = [
        Check("a read cancelled at any point ends, frees its resources and affects no other call") { context, store in
            let entries = (0..<40).map { Entry(key: Bytes(number: $0), value: Bytes(repeating: 1, count: 500)) }
            try await store.write { batch in for entry in entries { batch.set(entry.key, to: entry.value) } }
            let reads: [(String, @Sendable () async throws -> Void)] = [
                ("get", { _ = try await store.get(entries[7].key) }),
                ("get of many", { _ = try await store.get(entries.map(\.key)) }),
                ("exists", { _ = try await store.exists(entries[7].key) }),
                ("withValue", { _ = try await store.withValue(for: entries[7].key) { $0.byteCount } }),
                ("a scan", { for try await _ in store.entries() { await Task.yield() } }),
                ("a scan in reverse", { for try await _ in store.entries(order: .reverse) {} }),
                ("pages", { for try await _ in store.entries().pages { await Task.yield() } }),
                (
                    "a scan that is released early",
                    {
                        var scan = store.entries().makeAsyncIterator()
                        _ = try await scan.next()
                    }
                ),
                (
                    "a snapshot",
                    {
                        guard store.snapshots != nil else { return }
                        try await store.withSnapshot { snapshot in
                            _ = try await snapshot.get(entries[3].key)
                            for try await _ in snapshot.entries(limit: 9) { await Task.yield() }
                        }
                    }
                ),
                ("statistics", { _ = try await store.inspector?.inspect() }),
                ("verify", { _ = try await store.inspector?.verifyAll { _ in } }),
            ]
            for (name, read) in reads {
                try await context.sweep(name, store) { _ in
                    CancellationSweep.Case(victim: read) {
                        try context.expect(try await store.list(), entries, "what a neighbour scans")
                        try context.expect(
                            try await store.get(entries[7].key), entries[7].value, "what a neighbour reads")
                    }
                }
            }
        },
        Check("a commit cancelled at any point is made and returns, or is not made and throws .cancelled") {
            context, store in
            let commits: [(String, @Sendable (Bytes) async throws -> Void)] = [
                ("set", { try await store.set($0, to: "new") }),
                (
                    "a batch",
                    { key in
                        try await store.write { batch in
                            batch.require(.equals(key, "old"))
                            batch.set(key, to: "new")
                            batch.delete(in: .prefix("nothing"))
                        }
                    }
                ),
                (
                    "a buffered batch",
                    { key in try await store.write(durability: .buffered) { $0.set(key, to: "new") } }
                ),
                ("compareAndSwap", { _ = try await store.compareAndSwap($0, expected: "old", new: "new") }),
            ]
            for (name, commit) in commits {
                try await context.sweepCommit(name, store, after: "new", commit)
            }
            try await context.sweepCommit("delete", store, after: nil) { try await store.delete($0) }
            try await context.sweepCommit("delete of a range", store, after: nil) { key in
                try await store.delete(in: KeyRange.prefix(key))
            }
            try await context.sweepCommit("compareAndDelete", store, after: nil) { key in
                _ = try await store.compareAndDelete(key, expected: "old")
            }
            try await context.sweepCommit("setIfAbsent", store, before: nil, after: "new") { key in
                _ = try await store.setIfAbsent(key, to: "new")
            }
        },
        Check("a close cancelled at any point closes the store and ends other calls with .closed") { context, _ in
            try await CancellationSweep(seed: context.suite.seed).run("close") { _ in
                let store = try await context.makeStore()
                return CancellationSweep.Case {
                    try await store.close()
                } neighbour: {
                    do {
                        while true {
                            try await store.write(durability: .buffered) { $0.set("k", to: "1") }
                            _ = try await store.get("k")
                            await Task.yield()
                        }
                    } catch let error as StoreError where error.code == .closed {}
                } check: { error in
                    try context.expect(error?.code, nil, "what it threw")
                    try context.expect(store.isOpen, false, "whether it is open")
                    try await store.close()
                }
            }
        },
    ]
}

extension CheckContext {
    /// Cancels a call at each of its suspension points, and expects the store to hold nothing for it afterwards.
    func sweep(
        _ name: String, _ store: any KeyValueStore, _ makeCase: (Int) async throws -> CancellationSweep.Case
    ) async throws {
        try await CancellationSweep(seed: suite.seed).run(name) { number in
            let one = try await makeCase(number)
            return CancellationSweep.Case(victim: one.victim, neighbour: one.neighbour) { error in
                try await one.check(error)
                try await self.expectNothingHeld(store)
            }
        }
    }

    /// Cancels a commit that changes one key, while a neighbour commits to another.
    func sweepCommit(
        _ name: String, _ store: any KeyValueStore, before old: Bytes? = "old", after new: Bytes?,
        _ commit: @escaping @Sendable (Bytes) async throws -> Void
    ) async throws {
        try await sweep(name, store) { number in
            let key = Bytes("\(name)/\(number)")
            let other = Bytes("other/\(name)/\(number)")
            if let old { try await store.write(durability: .buffered) { $0.set(key, to: old) } }
            return CancellationSweep.Case {
                try await commit(key)
            } neighbour: {
                try await store.set(other, to: "there")
            } check: { error in
                try self.expect(error == nil && number == 0, false, "whether it was made though it never began")
                try self.expect(try await store.get(key), error == nil ? new : old, "the value")
                try self.expect(try await store.get(other), "there", "what a neighbour wrote")
            }
        }
    }

    /// Expects that no snapshot, subscription or waiting commit is left. Those that are just ending get time to end.
    private func expectNothingHeld(_ store: any KeyValueStore) async throws {
        guard store.inspector != nil else { return }
        var statistics = try await store.statistics()
        for _ in 0..<100_000 {
            if statistics.openSnapshots + statistics.changeSubscribers + statistics.waitingCommits == 0 { return }
            await Task.yield()
            statistics = try await store.statistics()
        }
        throw Difference("the store still holds something: \(statistics)")
    }
}
