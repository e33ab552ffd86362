import KVDS

extension StoreConformance {
    /// Transactions that conflict with other writers.
    static let conflictChecks = [
        Check("a transaction runs again after a change to a value, absence, presence or range it read") {
            context, store in
            let cases: [(String, @Sendable (Transaction) async throws -> Void, @Sendable (inout WriteBatch) -> Void)] =
                [
                    ("a value", { _ = try await $0.get("b") }, { $0.set("b", to: "new") }),
                    ("a value that goes", { _ = try await $0.get("b") }, { $0.delete("b") }),
                    ("an absence", { _ = try await $0.get("bb") }, { $0.set("bb", to: "new") }),
                    ("a presence", { _ = try await $0.exists("b") }, { $0.delete("b") }),
                    ("an absence that was asked for", { _ = try await $0.exists("bb") }, { $0.set("bb", to: "1") }),
                    ("a value in a scanned range", { _ = try await $0.list() }, { $0.set("c", to: "new") }),
                    ("an empty range", { _ = try await $0.list(.prefix("x")) }, { $0.set("x1", to: "new") }),
                    ("a key before the last one returned", { try await take(2, of: $0) }, { $0.set("aa", to: "new") }),
                    ("the last one returned", { try await take(2, of: $0) }, { $0.delete("b") }),
                    ("a reverse scan", { try await take(2, of: $0, .reverse) }, { $0.set("cc", to: "new") }),
                    (
                        "what an own write hides in a scan",
                        {
                            $0.delete("b"); _ = try await $0.list()
                        }, { $0.set("b", to: "x") }
                    ),
                ]
            for (what, read, change) in cases {
                let attempts = try await race(store, read, change)
                try context.expect(attempts, 2, "attempts after a change of \(what)")
            }
        },
        Check("a transaction does not run again for a change to something it has not read") { context, store in
            let cases: [(String, @Sendable (Transaction) async throws -> Void, @Sendable (inout WriteBatch) -> Void)] =
                [
                    ("another key", { _ = try await $0.get("b") }, { $0.set("c", to: "new") }),
                    (
                        "a value whose presence was asked for", { _ = try await $0.exists("b") },
                        { $0.set("b", to: "new") }
                    ),
                    ("a key behind the last one returned", { try await take(2, of: $0) }, { $0.set("bb", to: "new") }),
                    (
                        "a key before those of a reverse scan", { try await take(2, of: $0, .reverse) },
                        { $0.delete("b") }
                    ),
                    ("a key behind a limit", { _ = try await $0.list(limit: 2) }, { $0.set("bb", to: "new") }),
                    ("a key it has only written", { $0.set("b", to: "own") }, { $0.set("b", to: "new") }),
                    (
                        "a key it read after its own write",
                        {
                            $0.set("b", to: "1"); _ = try await $0.get("b")
                        }, { $0.delete("b") }
                    ),
                    ("a scan it did not begin", { _ = $0.entries() }, { $0.set("b", to: "new") }),
                    ("a value that was set again", { _ = try await $0.get("b") }, { $0.set("b", to: "0") }),
                ]
            for (what, read, change) in cases {
                let attempts = try await race(store, read, change)
                try context.expect(attempts, 1, "attempts after a change of \(what)")
            }
        },
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

    /// Runs a transaction that reads. During its first attempt another commit makes `change` after the reads.
    ///
    /// - Returns: the number of attempts.
    private static func race(
        _ store: any KeyValueStore, _ read: @Sendable (Transaction) async throws -> Void,
        _ change: @Sendable (inout WriteBatch) -> Void
    ) async throws -> Int {
        try await store.write { batch in
            batch.delete(in: .all)
            for key in ["a", "b", "c", "d"] as [Bytes] { batch.set(key, to: "0") }
        }
        let runs = AtomicCounter()
        return try await store.withTransactionResult { tx in
            try await read(tx)
            if runs.add() == 1 { try await store.write(change) }
            tx.set("result", to: "1")
        }.attempts
    }

    /// Takes the first `count` entries of a scan and abandons the scan.
    private static func take(_ count: Int, of tx: Transaction, _ order: ScanOrder = .forward) async throws {
        var rest = count
        for try await _ in tx.entries(in: .all, order: order, limit: nil) {
            rest -= 1
            if rest == 0 { break }
        }
    }

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
