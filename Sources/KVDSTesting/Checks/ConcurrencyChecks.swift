import KVDS

extension StoreConformance {
    /// Many concurrent tasks.
    static let concurrencyChecks = [
        Check("64 tasks that increment one counter by compareAndSwap lose no increment") { context, store in
            let increments = context.suite.increments
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<64 {
                    tasks.addTask { for _ in 0..<increments { try await increment("counter", store) } }
                }
                try await tasks.waitForAll()
            }
            try context.expect(try await store.get("counter")?.number, 64 * increments, "the counter")
        },
        Check("one of 64 tasks that race setIfAbsent wins, and its value stays") { context, store in
            for round in 0..<20 {
                let key = Bytes("lock:\(round)")
                let winners = try await withThrowingTaskGroup(of: Int?.self) { tasks in
                    for task in 0..<64 {
                        tasks.addTask { try await store.setIfAbsent(key, to: Bytes(number: task)) ? task : nil }
                    }
                    return try await tasks.reduce(into: [Int]()) { if let task = $1 { $0.append(task) } }
                }
                try context.expect(winners.count, 1, "how many won round \(round)")
                try context.expect(try await store.get(key)?.number, winners.first, "the value of round \(round)")
            }
        },
        Check("a read sees every commit that was acknowledged before it") { context, store in
            // Also with a store of several pages, and while an older snapshot is open.
            let entries = try await fill(store, 500, context)
            var older = store.entries().makeAsyncIterator()
            var seen = [try await older.next()]
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for task in 0..<16 {
                    tasks.addTask {
                        let key = Bytes("task:\(100 + task)")
                        for step in 1...20 {
                            try await store.write(durability: .buffered) { $0.set(key, to: Bytes(number: step)) }
                            try context.expect(try await store.get(key)?.number, step, "get after set")
                            try context.expect(
                                try await store.list(.key(key)).first?.value.number, step, "a scan after set")
                            try await store.write(durability: .buffered) { $0.delete(key) }
                            try context.expect(try await store.exists(key), false, "exists after delete")
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            while let entry = try await older.next() { seen.append(entry) }
            try context.expect(seen, entries.map(Optional.some), "the older scan")
        },
        Check("concurrent commits get unique revisions, which grow within each task") {
            context, store in
            let commits = try await withThrowingTaskGroup(of: [Revision].self) { tasks in
                for task in 0..<32 {
                    tasks.addTask {
                        var revisions: [Revision] = []
                        for step in 0..<10 {
                            let result = try await store.set(Bytes(number: task), to: Bytes(number: step))
                            revisions += result.revision.map { [$0] } ?? []
                        }
                        try context.expect(revisions, revisions.sorted(), "the revisions of one task")
                        return revisions
                    }
                }
                return try await tasks.reduce(into: [Revision]()) { $0 += $1 }
            }
            try context.expect(commits.count, 320, "how many were committed")
            try context.expect(Set(commits).count, 320, "how many revisions they have")
        },
        Check("transfers by 64 tasks keep the sum of all accounts unchanged") { context, store in
            let accounts = (0..<8).map { Bytes("account:\($0)") }
            try await store.write { batch in for account in accounts { batch.set(account, to: Bytes(number: 100)) } }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for task in 0..<64 {
                    tasks.addTask {
                        var random = SplitMix64(seed: context.suite.seed &+ UInt64(task))
                        for _ in 0..<5 { try await transfer(accounts, store, &random) }
                    }
                }
                try await tasks.waitForAll()
            }
            let balances = try await store.list(.prefix("account:")).map(\.value.number)
            try context.expect(balances.reduce(0, +), 800, "the sum")
        },
    ]

    private static func increment(_ key: Bytes, _ store: any KeyValueStore) async throws {
        while true {
            let old = try await store.get(key)
            if try await store.compareAndSwap(key, expected: old, new: Bytes(number: (old?.number ?? 0) + 1)) { return }
        }
    }

    private static func transfer(
        _ accounts: [Bytes], _ store: any KeyValueStore, _ random: inout SplitMix64
    ) async throws {
        let from = random.below(accounts.count)
        let to = (from + 1 + random.below(accounts.count - 1)) % accounts.count
        while true {
            let balances = try await store.get([accounts[from], accounts[to]]).map { $0 ?? Bytes(number: 0) }
            let amount = min(balances[0].number, 7)
            let result = try await store.write(durability: .buffered) { batch in
                batch.require(.equals(accounts[from], balances[0]))
                batch.require(.equals(accounts[to], balances[1]))
                batch.set(accounts[from], to: Bytes(number: balances[0].number - amount))
                batch.set(accounts[to], to: Bytes(number: balances[1].number + amount))
            }
            if result.isCommitted { return }
        }
    }
}
