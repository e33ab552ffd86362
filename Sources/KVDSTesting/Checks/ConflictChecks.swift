import KVDS

extension StoreConformance {
    /// Transactions that conflict with other writers.
    static let conflictChecks = [
        Check(.runsAgain),
        Check(.doesNotRunAgain),
        Check("a transaction that meets a faster writer in every attempt throws .conflict after the last") {
            context, store in
            try await store.set("a", to: Bytes(number: 0))
            let runs = AtomicCounter()
            try await context.expect(.conflict, from: "a transaction") {
                try await store.withTransaction(options: TransactionOptions(maximumAttempts: 4)) { tx in
                    runs.add()
                    let number = try await tx.get("a")?.number ?? 0
                    tx.set("b", to: "1")
                    try await store.set("a", to: Bytes(number: number + 1))
                }
            }
            try context.expect(runs.value, 4, "how often it ran")
            try await context.expect(store, holds: [Entry(key: "a", value: Bytes(number: 4))])
        },
        Check("a read-only transaction sees one point in time, or retries if the store cannot show it") {
            context, store in
            try await store.write {
                $0.set("a", to: "1"); $0.set("b", to: "1")
            }
            let runs = AtomicCounter()
            let result = try await store.withTransactionResult { tx in
                let isFirst = runs.add() == 1
                let a = try await tx.get("a")
                if isFirst {
                    try await store.write {
                        $0.set("a", to: "2"); $0.set("b", to: "2"); $0.set("c", to: "2")
                    }
                }
                return (a, try await tx.get("b"), try await tx.list().count)
            }
            let showsMoments = try await canSnapshot(store)
            try context.expect(result.attempts, showsMoments ? 1 : 2, "attempts")
            try context.expect(result.value.0, result.value.1, "two values that always change together")
            try context.expect(result.value.2, showsMoments ? 2 : 3, "how many entries it saw")
            try context.expect(result.durability, nil, "the durability of a transaction that wrote nothing")
        },
        Check("an error caused by contradictory reads does not end the transaction") {
            context, store in
            try await store.write {
                $0.set("a", to: "1"); $0.set("b", to: "1")
            }
            let runs = AtomicCounter()
            try await store.withTransaction { tx in
                let isFirst = runs.add() == 1
                let a = try await tx.get("a")
                if isFirst {
                    try await store.write {
                        $0.set("a", to: "2"); $0.set("b", to: "2")
                    }
                }
                if try await tx.get("b") != a { try giveUp() }
            }
            try context.expect(runs.value, try await canSnapshot(store) ? 1 : 2, "how often it ran")
        },
        Check("64 tasks that increment one counter in transactions lose no increment") { context, store in
            let increments = max(1, context.suite.increments / 4)
            let options = TransactionOptions(maximumAttempts: 10_000)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<64 {
                    tasks.addTask {
                        for _ in 0..<increments {
                            try await store.withTransaction(options: options) { tx in
                                tx.set("counter", to: Bytes(number: (try await tx.get("counter")?.number ?? 0) + 1))
                            }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try context.expect(try await store.get("counter")?.number, 64 * increments, "the counter")
        },
        Check("a transaction whose task is cancelled throws .cancelled and changes nothing") { context, store in
            for isBefore in [true, false] {
                let runs = AtomicCounter()
                let task = Task { () -> StoreError.Code? in
                    if isBefore { await untilCancelled() }
                    return try await code {
                        try await store.withTransaction { tx in
                            runs.add()
                            tx.set("a", to: "1")
                            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                        }
                    }
                }
                if isBefore { task.cancel() }
                try context.expect(try await task.value, .cancelled, "what it threw")
                try context.expect(runs.value, isBefore ? 0 : 1, "how often it ran")
            }
            try await context.expect(store, holds: [])
        },
    ]

    private static func canSnapshot(_ store: any KeyValueStore) async throws -> Bool {
        guard store.snapshots != nil else { return false }
        do throws(StoreError) {
            try await store.snapshot().close()
            return true
        } catch {
            if error.code == .notSupported { return false }
            throw error
        }
    }

    private static func code(_ body: () async throws -> Void) async throws -> StoreError.Code? {
        do {
            try await body()
            return nil
        } catch let error as StoreError {
            return error.code
        }
    }
}
