import KVDS

extension StoreConformance {
    /// The reads and writes of locking transactions, alone and beside writers that take no locks.
    static let lockingChecks = [
        Check("a locking transaction reads its own writes, hides them from others and makes one commit") {
            context, store in
            try await store.write { batch in for key in ["a", "b", "c", "d"] as [Bytes] { batch.set(key, to: "0") } }
            let before = try await store.write { $0.set("a", to: "0") }.revision
            let manager = TransactionManager(store)
            let tx = await manager.begin()
            try await tx.set("b", to: "1")
            try await tx.set("e", to: "1")
            try await tx.delete(in: KeyRange(from: "c", to: "e"))
            try await tx.set("cc", to: "1")
            let wanted = [("a", "0"), ("b", "1"), ("cc", "1"), ("e", "1")].map {
                Entry(key: Bytes($0), value: Bytes($1))
            }
            try await context.expect(tx, holds: wanted, "the transaction's entries")
            for limit in 0...5 {
                try context.expect(try await tx.list(limit: limit), Array(wanted.prefix(limit)), "the first \(limit)")
                try context.expect(
                    try await tx.list(order: .reverse, limit: limit), wanted.suffix(limit).reversed(),
                    "the last \(limit)")
            }
            try context.expect(try await tx.list(KeyRange(from: "b", to: "cd")), Array(wanted[1...2]), "a range")
            try context.expect(try await tx.get(["a", "b", "c", "cc"]), ["0", "1", nil, "1"], "values")
            try context.expect(try await tx.exists("d"), false, "a deleted key")
            try context.expect(try await tx.withValue(for: "e") { $0.byteCount }, 1, "the bytes of a value")
            try context.expect(try await store.list().count, 4, "what others see")
            let result = try await tx.commit()
            try context.expect(result.revision?.rawValue, before.map { $0.rawValue + 1 }, "the revision")
            try await context.expect(store, holds: wanted)
        },
        Check("a locking transaction refuses invalid keys and limits, and stays usable") {
            context, store in
            let tx = await TransactionManager(store).begin()
            try await context.expect(.invalidKey, from: "an empty key") { try await tx.set("", to: "1") }
            try await context.expect(.invalidKey, from: "reading an empty key") { _ = try await tx.get("") }
            try await context.expect(.invalidKey, from: "deleting an empty key") { try await tx.delete("") }
            try await context.expect(.invalidArgument, from: "a negative limit") { _ = try await tx.list(limit: -1) }
            try await tx.set("k", to: "1")
            try await tx.commit()
            try await context.expect(store, holds: [Entry(key: "k", value: "1")])
        },
        Check(.outsideWriter),
        Check(.repeatedReads),
        Check("64 tasks that increment one counter under its lock lose and repeat no increment") { context, store in
            let increments = max(1, context.suite.increments / 4)
            let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<64 {
                    tasks.addTask {
                        for _ in 0..<increments {
                            let tx = await manager.begin()
                            let number = try await tx.getForUpdate("counter")?.number ?? 0
                            try await tx.set("counter", to: Bytes(number: number + 1))
                            try await tx.commit()
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try context.expect(try await store.get("counter")?.number, 64 * increments, "the counter")
        },
        Check("random transfers by locking and optimistic transactions neither lose nor create money") {
            context, store in
            let accounts = (0..<12).map { Bytes("account:\($0)") }
            try await store.write { batch in for key in accounts { batch.set(key, to: Bytes(number: 100)) } }
            let manager = TransactionManager(store, configuration: .init(lockTimeout: nil))
            let transfers = max(1, context.suite.increments / 4)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<16 {
                    var random = SplitMix64(seed: context.suite.seed &+ UInt64(number))
                    tasks.addTask {
                        for _ in 0..<transfers {
                            let chosen = accounts.shuffled(using: &random).prefix(2)
                            let (from, to) = (chosen[chosen.startIndex], chosen[chosen.endIndex - 1])
                            if number.isMultiple(of: 4) {
                                try await store.withTransaction(options: .init(maximumAttempts: 10_000)) { tx in
                                    let (left, right) = (try await tx.get(from)?.number, try await tx.get(to)?.number)
                                    tx.set(from, to: Bytes(number: (left ?? 0) - 1))
                                    tx.set(to, to: Bytes(number: (right ?? 0) + 1))
                                }
                            } else {
                                try await move(from, to, manager)
                            }
                        }
                    }
                }
                tasks.addTask {
                    for _ in 0..<transfers {
                        let tx = await manager.begin()
                        do throws(StoreError) {
                            let sum = try await tx.list(.prefix("account:")).reduce(0) { $0 + $1.value.number }
                            try await tx.commit()
                            if sum != 1_200 { throw StoreError(.corrupt, "The accounts together hold \(sum).") }
                        } catch {
                            guard error.advice == .retry else { throw error }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            let sum = try await store.list(.prefix("account:")).reduce(0) { $0 + $1.value.number }
            try context.expect(sum, 1_200, "the sum of all accounts")
            try context.expect(await manager.liveTransactions, [], "live transactions")
        },
    ]

    /// Moves 1 from one account to another, retrying until it succeeds.
    private static func move(_ from: Bytes, _ to: Bytes, _ manager: TransactionManager) async throws(StoreError) {
        while true {
            let tx = await manager.begin()
            do throws(StoreError) {
                let (left, right) = (try await tx.get(from)?.number, try await tx.get(to)?.number)
                try await tx.set(from, to: Bytes(number: (left ?? 0) - 1))
                try await tx.set(to, to: Bytes(number: (right ?? 0) + 1))
                try await tx.commit()
                return
            } catch {
                guard error.code == .deadlock || error.code == .conflict else { throw error }
            }
        }
    }
}
